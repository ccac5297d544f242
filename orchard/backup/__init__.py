"""Backup and restore: everything into one file, verified, and back. Sort of tables: books (which backups were made)."""
