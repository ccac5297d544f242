"""Orchard: one system that Sales and Marketing share."""
