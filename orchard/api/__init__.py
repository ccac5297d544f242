"""REST: what other systems may read and do, each by a token that acts for a member. Sort of tables: books."""
