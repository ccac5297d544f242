"""Builders: what tests need to exist, made through the same actions that pages call."""
