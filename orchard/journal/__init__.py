"""The audit book: who did what to which record. Sort of tables: books."""
