"""Which contacts a condition holds for: asked of everybody at once on DuckDB, from what stands now."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any

from orchard.agreement import queries as agreement
from orchard.engine import duck, rows
from orchard.engine.compile import compiled
from orchard.engine.conditions import Condition, Did, FieldIs, Score, Stage, atoms, kinds_named, validate
from orchard.engine.plan import assess
from orchard.engine.truths import Given
from orchard.engine.types import CONTACTS, FACTS, Catalogue, TableSpec
from orchard.interactions import queries as ledger
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports.queries.recent import facts_of_kinds
from orchard.reports.tables import STANDING, narrowed

KEPT = 8
"""Answers that paging through a list finds again."""

_PARTS = {part: f"score_{part}" for part in ("total", "fit", "engagement", "account")}
_ANCHORS = {"last_return": "last_return_at", "offer": "last_offer_at"}


@dataclass(frozen=True, slots=True)
class Matching:
    """Whom a condition holds for, as of a place of the ledger, and how long it took to ask."""

    contact_ids: frozenset[int]
    pos: int
    seconds: float


_kept: OrderedDict[tuple[Any, ...], tuple[tuple[int, int, int], Matching]] = OrderedDict()
_lock = Lock()


def contacts_matching(condition: Condition, *, now: datetime, walking: bool = False) -> Matching:
    """Return the living contacts for whom a condition holds at `now`, scores being those of the last assessment.

    An answer is found again for as long as the ledger stands where it stood and the clock's hour lasts; by who is
    `walking` from page to page, also once the ledger has moved. Raises `Refused` where the condition names what this
    company does not know.
    """
    names = agreement.known()
    if problems := validate(condition, names, allow_segment=False):
        raise Refused(" ".join(map(str, problems)))
    hour, pos = clock.full_hour(now), ledger.head()
    key, standing = (condition, names.fields, hour), (pos, ledger.unplaced(), ledger.progress())
    with _lock:
        if key in _kept and (walking or _kept[key][0] == standing):
            _kept.move_to_end(key)
            return _kept[key][1]
    begun = time.monotonic()
    found = Matching(_ask(condition, names, hour), pos, time.monotonic() - begun)
    with _lock:
        _kept[key] = standing, found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _ask(condition: Condition, names: Catalogue, hour: datetime) -> frozenset[int]:
    wide, *facts = _tables(condition, names)
    query = compiled(("matching", condition, names.fields), _builder(condition, names), (wide, *facts))
    inputs: dict[str, duck.Input] = {wide.name: rows.everybody(wide)}
    if facts:
        read = facts_of_kinds(facts[0], kinds_named(condition))
        inputs |= read
        query = replace(query, tables=(*(name for name in read if name != FACTS), *query.tables))
    answer = duck.shared().run(query.bind(now=hour), inputs)
    return frozenset(answer["contact_id"].to_pylist())


def _tables(condition: Condition, names: Catalogue) -> tuple[TableSpec, ...]:
    """Return what the condition reads, with the columns that it needs."""
    contacts, facts = {"contact_id"}, {"contact_id", "kind", "occurred_at", "human"}
    for atom in atoms(condition):
        match atom.leaf:
            case FieldIs():
                field = names.find(atom.leaf.field)
                contacts |= {field.column} if field else set()
            case Score():
                contacts.add(_PARTS[atom.leaf.score])
            case Stage():
                contacts.add("stage_now")
            case Did():
                contacts |= {_ANCHORS[atom.leaf.since]} if isinstance(atom.leaf.since, str) else set()
                facts |= _asked_of_facts(atom.leaf, names)
    wide = narrowed(STANDING, frozenset(contacts))
    if not kinds_named(condition):
        return (wide,)
    return wide, narrowed(names.tables[FACTS], frozenset(facts))


def _asked_of_facts(did: Did, names: Catalogue) -> set[str]:
    if did.where is None:
        return set()
    leaves = [atom.leaf for atom in atoms(did.where)]
    fields = [names.find(leaf.field, FACTS) for leaf in leaves if isinstance(leaf, FieldIs)]
    return {field.column for field in fields if field}


def _builder(condition: Condition, names: Catalogue) -> Callable[[Any, Mapping[str, Any], Any], Any]:
    def build(F: Any, tables: Mapping[str, Any], now: Any) -> Any:  # noqa: N803 - PySpark's name for its functions
        beside = Given(
            scores={part: F.col(column) for part, column in _PARTS.items()},
            stages=F.col("stage_now"),
            anchors={name: F.col(column) for name, column in _ANCHORS.items()},
        )
        asked = tables if kinds_named(condition) else {CONTACTS: tables[CONTACTS]}
        frame = assess(F, asked, now, catalogue=names, conditions={"holds": condition}, beside=beside)
        return frame.filter(F.col("holds")).select("contact_id")

    return build
