"""Sales under way: how a lead becomes one, what it is worth, and how it ends. Sort of tables: books."""
