"""What people see: one package per desk, and the table of who may open what."""
