"""Pages about contacts: the list with its condition, one contact whole, changing, joining and erasing."""
