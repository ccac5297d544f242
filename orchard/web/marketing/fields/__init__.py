"""Pages by which a company declares fields of its own."""
