"""Tables from elsewhere (CSV, XLSX): reading them, mapping their columns, and taking them in."""
