"""What a condition asks of everybody: from the lake what it holds, from PostgreSQL the tail and what was corrected."""

from dataclasses import replace

import pyarrow as pa

from orchard.agreement import queries as agreement
from orchard.contacts import queries as contacts
from orchard.contacts import tables as contact_tables
from orchard.engine import catalogue, duck, lake, rows
from orchard.engine.types import CONTACTS, FACTS, ColumnType, TableSpec
from orchard.interactions import queries as ledger
from orchard.segments.tables import SCORES, narrowed, which_count

_NOW = {"alias": (), "correction": (), "campaign": ("campaign_code",), "content": ("content_type",)}
"""Small tables of the lake that are read as they stand, so that a merge or a correction counts at once.

Beside each the columns without which nobody asks for it.
"""

MANY = 100_000
"""Contacts that changed since the lake took them, beyond whom it is quicker to take everybody from PostgreSQL."""

_VERDICT = tuple(SCORES.values())


def contacts_now(wide: TableSpec) -> dict[str, duck.Input]:
    """Return every living contact with these columns, and the tables that this reads.

    Their fields come out of the lake where it holds them, but for those that changed since; score and stage, which
    change all the time, as they stand.
    """
    reader = lake.files_of()
    changed = _changed_since(reader.at.get(CONTACTS, 0)) if _is_there(reader) else None
    if changed is None or not reader.files[CONTACTS]:
        return {wide.name: rows.everybody(wide)}
    fields = narrowed(contact_tables.CONTACTS, frozenset(wide.columns))
    standing = [name for name in wide.columns if name not in fields.columns]
    columns = ", ".join(fields.columns)
    whole = lake.relations(reader)[CONTACTS].sql
    text = (
        f"SELECT {columns} FROM ({whole}) AS every"  # noqa: S608 - our own names
        " WHERE contact_id NOT IN (SELECT contact_id FROM contacts_changed)"
        f" UNION ALL SELECT {columns} FROM contacts_anew"
    )
    found: dict[str, duck.Input] = {
        "contacts_changed": pa.table({"contact_id": pa.array(sorted(changed), pa.int64())}),
        "contacts_anew": rows.of_contacts(fields, sorted(changed)),
    }
    if standing:
        found["standing_now"] = rows.everybody(_standing(standing))
        text = f"SELECT {_listed(wide)} FROM ({text}) AS c LEFT JOIN standing_now s USING (contact_id)"  # noqa: S608
    return {**found, wide.name: duck.Relation(text)}


def _listed(wide: TableSpec) -> str:
    instead = {"stage_now": "coalesce(stage_now, 'contact') AS stage_now"}
    return ", ".join(instead.get(name, name) for name in wide.columns)


def _standing(columns: list[str]) -> TableSpec:
    """Return the part of `STANDING` that no fact of a contact tells, read without the contacts themselves."""
    stage, verdict = "stage_now" in columns, any(name in _VERDICT for name in columns)
    source = "SELECT contact_id, total AS score_total, fit AS score_fit, engagement AS score_engagement,"
    source += " account AS score_account FROM verdict"
    if stage and verdict:
        source = (
            f"SELECT contact_id, score_total, score_fit, score_engagement, score_account, stage AS stage_now"  # noqa: S608
            f" FROM ({source}) v FULL JOIN stage s USING (contact_id)"
        )
    elif stage:
        source = "SELECT contact_id, stage AS stage_now FROM stage"
    types = {name: ColumnType.TEXT if name == "stage_now" else ColumnType.BIGINT for name in columns}
    return TableSpec("standing_now", {"contact_id": ColumnType.BIGINT, **types}, source)


def _changed_since(pos: int) -> set[int] | None:
    """Return whose fields, or whether they are there at all, may be another since a place; None for too many."""
    told = ledger.told_since(pos, contact_tables.LAKE.changed_by)
    if len(told) > MANY:
        return None
    found = {contact for _, contact, _, _ in told if contact is not None}
    found |= {other for kind, _, _, other in told if other is not None and kind in _NAMES_ANOTHER}
    accounts = {account for kind, _, account, _ in told if kind == "account.changed" and account is not None}
    found |= {contact for contact, _ in agreement.people_of(accounts)}
    for kind, _, _, import_id in told:
        if kind == "import.undone" and import_id is not None:
            found |= contacts.gone(ledger.made_by(import_id))
    return found if len(found) <= MANY else None


_NAMES_ANOTHER = ("contact.merged", "contact.unmerged")


def facts_of_kinds(facts: TableSpec, kinds: frozenset[str]) -> dict[str, duck.Input]:
    """Return `facts` with its columns, narrowed to what people did of these kinds, and the tables that it reads."""
    reader = lake.files_of()
    settled = reader.settled if _is_there(reader) else 0
    tail = rows.everybody(_beyond(facts, kinds, settled))
    if not settled:
        return {facts.name: tail}
    sources = {source.name: source for source in catalogue.installed().lake}
    small = {
        f"{name}_now": rows.few(TableSpec(name, sources[name].columns, sources[name].select))
        for name, asked_by in _NOW.items()
        if name in sources and (not asked_by or facts.columns.keys() & asked_by)
    }
    # A join that finds nothing costs as much as one that does: four million facts are looked up in it.
    without = {name for name in _NOW if f"{name}_now" not in small or not small[f"{name}_now"].num_rows}
    instead = {name.removesuffix("_now"): name for name in small if name.removesuffix("_now") not in without}
    columns = ", ".join(facts.columns)
    within = which_count(kinds, f"pos <= {settled}")
    whole = lake.relations(reader.without(without), instead)[FACTS].sql
    return {
        **{name: table for name, table in small.items() if name in instead.values()},
        "tail": tail,
        facts.name: duck.Relation(
            f"SELECT {columns} FROM ({whole}) AS every WHERE {within} UNION ALL SELECT {columns} FROM tail"  # noqa: S608
        ),
    }


def _is_there(reader: lake.Reader) -> bool:
    """Tell whether the lake's files are there; it may be dropped at any time: then the ledger tells everything."""
    return all(path.exists() for paths in reader.files.values() for path in paths)


def _beyond(facts: TableSpec, kinds: frozenset[str], pos: int) -> TableSpec:
    """Return the facts with a place beyond `pos`."""
    source = f"SELECT * FROM ({facts.source}) AS every WHERE {which_count(kinds, f'pos > {pos}')}"  # noqa: S608
    return replace(facts, source=source)
