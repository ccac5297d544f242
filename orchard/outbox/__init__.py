"""What must leave the house: one table and one gate. Sort of tables: books."""
