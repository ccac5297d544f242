"""The lake: the ledger and what it points at as Parquet files, derived from PostgreSQL, read by both engines."""

from orchard.engine.lake.read import Reader, files_of, relations
from orchard.engine.lake.sync import Synced, drop, sync

__all__ = ["Reader", "Synced", "drop", "files_of", "relations", "sync"]
