"""Leads: hand-offs of qualified contacts to Sales, and the basket in which they wait."""
