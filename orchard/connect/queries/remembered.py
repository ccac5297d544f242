"""Which map of an earlier import fits a file, so that nobody maps the same columns twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchard.connect import csv
from orchard.connect.csv import ImportMap
from orchard.connect.csv.mapping.grammar import FileLayout, folded
from orchard.connect.csv.types import MapError
from orchard.connect.models import Import
from orchard.connect.types import State

_ENDED = (State.DONE, State.CANCELLED, State.UNDONE)
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier import whose map fits a file; `fresh` are the columns that its own file did not have."""

    file_name: str
    at: datetime
    undone: bool
    fresh: list[str]
    map: ImportMap


def earlier(table: csv.Table) -> Earlier | None:
    """Return the newest ended import whose map finds all its columns in this table, or None.

    Where most columns are new, the two are different files that share an address or a name, and the map does not
    count. The columns that Orchard itself added to a file of rejects are passed over.
    """
    header = csv.without_ours(table.header)
    there = {folded(name): name for name in [*header, *table.constants]}
    found = (
        Import.objects.filter(state__in=_ENDED, columns__contained_by=list(there))
        .exclude(columns=[])
        .exclude(map_text="")
        .order_by("-id")
        .values_list("file_name", "finished_at", "state", "map_text", "header", "found")[:_LOOKED_AT]
    )
    for file_name, at, state, map_text, old, written in found:
        fresh = [name for name in header if folded(name) not in set(map(folded, old))]
        if at and 2 * len(fresh) < len(header) and (map_ := _read(map_text, table, written)):
            return Earlier(file_name, at, state == State.UNDONE, fresh, map_)
    return None


def _read(map_text: str, table: csv.Table, written: dict[str, str]) -> ImportMap | None:
    """Return the map, without what it says of how its own file was written: this one was read without that.

    Only the encoding stays, which a file of the same source shares. A few rejected rows seldom tell day from month, so
    they are read as the whole file told.
    """
    try:
        map_ = csv.read_map(map_text)
    except MapError:  # written for an older grammar
        return None
    encoding = map_.file.encoding if table.sheet is None else None
    update: dict[str, Any] = {"file": FileLayout(encoding=encoding)}
    if csv.without_ours(table.header) != table.header:
        update |= {name: told for name, told in written.items() if getattr(map_, name) == "auto"}
    return map_.model_copy(update=update)
