"""The lake: the ledger and what it points at as Parquet files, derived from PostgreSQL, read by both engines."""

from orchard.engine.lake.read import Reader, files_of, relations
from orchard.engine.lake.standing import Standing, standing
from orchard.engine.lake.sync import GRACE, Synced, drop, freshen, keep_up, sync

__all__ = [
    "GRACE",
    "Reader",
    "Standing",
    "Synced",
    "drop",
    "files_of",
    "freshen",
    "keep_up",
    "relations",
    "standing",
    "sync",
]
