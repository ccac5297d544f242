"""LinkedIn: the map of the connections that a member may export."""
