"""Each member's day: what comes first, what can wait. Sort of tables: none, it only reads."""
