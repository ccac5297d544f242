"""The lake: the ledger and what it points at as Parquet files, derived from PostgreSQL, read by both engines."""

from orchard.engine.lake.derived import Derived, derive, derive_on, forget_derived, forget_old, newest
from orchard.engine.lake.read import Reader, files_of, relations
from orchard.engine.lake.remake import Remade, remake
from orchard.engine.lake.standing import Standing, standing
from orchard.engine.lake.sync import GRACE, Synced, freshen, sync

__all__ = [
    "GRACE",
    "Derived",
    "Reader",
    "Remade",
    "Standing",
    "Synced",
    "derive",
    "derive_on",
    "files_of",
    "forget_derived",
    "forget_old",
    "freshen",
    "newest",
    "relations",
    "remake",
    "standing",
    "sync",
]
