"""Members, roles, teams, the right to sign, who works when, and the views of lists they keep. Sort of tables: books."""
