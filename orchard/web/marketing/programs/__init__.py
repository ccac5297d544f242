"""Pages about programs: the list, one program whole, the form that writes one, and what one does with those in it."""
