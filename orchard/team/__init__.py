"""Members, roles, teams and the right to sign. Sort of tables: books."""
