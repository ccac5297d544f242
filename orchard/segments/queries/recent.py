"""What a condition asks of everybody: from the lake what it holds, from PostgreSQL the tail and what was corrected."""

from dataclasses import replace

from orchard.engine import catalogue, duck, lake, rows
from orchard.engine.types import FACTS, TableSpec
from orchard.segments.tables import which_count

_NOW = ("alias", "correction", "campaign", "content")
"""Small tables of the lake that are read as they stand, so that a merge or a correction counts at once."""


def contacts_now(wide: TableSpec) -> dict[str, duck.Input]:
    """Return every living contact with these columns."""
    return {wide.name: rows.everybody(wide)}


def facts_of_kinds(facts: TableSpec, kinds: frozenset[str]) -> dict[str, duck.Input]:
    """Return `facts` with its columns, narrowed to what people did of these kinds, and the tables that it reads."""
    reader = lake.files_of()
    # The lake may be dropped at any time, as after a restore: then the ledger tells everything.
    there = all(path.exists() for paths in reader.files.values() for path in paths)
    settled = reader.settled if there else 0
    tail = rows.everybody(_beyond(facts, kinds, settled))
    if not settled:
        return {facts.name: tail}
    sources = {source.name: source for source in catalogue.installed().lake}
    small = {
        f"{name}_now": rows.few(TableSpec(name, sources[name].columns, sources[name].select))
        for name in _NOW
        if name in sources
    }
    instead = {name.removesuffix("_now"): name for name in small}
    columns = ", ".join(facts.columns)
    within = which_count(kinds, f"pos <= {settled}")
    whole = lake.relations(reader, instead)[FACTS].sql
    return {
        **small,
        "tail": tail,
        facts.name: duck.Relation(
            f"SELECT {columns} FROM ({whole}) AS every WHERE {within} UNION ALL SELECT {columns} FROM tail"  # noqa: S608
        ),
    }


def _beyond(facts: TableSpec, kinds: frozenset[str], pos: int) -> TableSpec:
    """Return the facts with a place beyond `pos`."""
    source = f"SELECT * FROM ({facts.source}) AS every WHERE {which_count(kinds, f'pos > {pos}')}"  # noqa: S608
    return replace(facts, source=source)
