"""What we offer to read, see and download, and what it is called elsewhere."""
