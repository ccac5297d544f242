"""Reads any table, CSV or worksheet, as a stream of records in bounded memory."""

from orchard.connect.csv.reading.table import Table, Tally, is_of_rejects, open_table

__all__ = ["Table", "Tally", "is_of_rejects", "open_table"]
