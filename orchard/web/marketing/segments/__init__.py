"""Pages about segments: which there are, who is in one, and the form in which they are written."""
