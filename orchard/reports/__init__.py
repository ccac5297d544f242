"""Questions across rooms, as pages and reports ask them; reads only."""
