"""Reads the text of single cells as what a map says they are; whatever cannot be read says why."""
