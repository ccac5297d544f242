"""The tags that pages are written with."""
