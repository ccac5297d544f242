"""Pages about accounts: the list, one account whole, changing it, and who belongs to it."""
