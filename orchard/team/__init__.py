"""Members, roles, teams, the right to sign, and who works when. Sort of tables: books."""
