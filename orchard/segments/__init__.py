"""Segments: saved conditions over contacts, and who fits them. Sort of tables: books; the members are a projection."""
