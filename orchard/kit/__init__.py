"""Small things, one per module, named for what they are."""
