"""How several conditions are asked at once: of a few contacts from their rows, of everybody from the lake."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from orchard.engine import duck, rows
from orchard.engine import expressions as e
from orchard.engine.compile import compiled
from orchard.engine.conditions import Condition, Did, FieldIs, Score, Stage, atoms
from orchard.engine.plan import Plan
from orchard.engine.truths import Given, Truth
from orchard.engine.types import CONTACTS, FACTS, Catalogue, Query, TableSpec
from orchard.segments import rules
from orchard.segments.queries.recent import contacts_now, facts_of_kinds
from orchard.segments.tables import SCORES, STANDING, narrowed

FEW = 500
"""Contacts for whom computing is quicker than planning how to."""


@dataclass(frozen=True)
class Asked:
    """Conditions without segments in one plan. With `only` there is a row for each contact who fits the only one.

    Else each contact has the columns `holds_0`, `at_0` ...: whether each condition holds, and the hour (microseconds
    since 1970 UTC) at which time alone may change that.
    """

    conditions: tuple[Condition, ...]
    names: Catalogue
    only: bool = False

    def __call__(self, F: Any, tables: Mapping[str, Any], now: Any) -> Any:  # noqa: N803 - PySpark's name for its functions
        """Build the data frame."""
        plan = Plan(F, self.names, self.conditions, now)
        wide, counting = tables[CONTACTS], plan.aggregates()
        for name in self._anchors:
            at = F.when(F.col("kind") == rules.ANCHORS[name], F.col("occurred_at"))
            counting.append(F.max(at).alias(f"anchor_{name}"))
        if counting:
            facts = plan.counted(tables[FACTS], self.kinds)
            facts = plan.reached(facts, [rules.ANCHORS[name] for name in self._anchors])
            done = facts.groupBy("contact_id").agg(*counting)
            wide = e.beside(wide, done, "contact_id")
        beside = Given(
            scores={part: F.col(column) for part, column in SCORES.items()},
            stages=F.col("stage_now"),
            anchors={name: F.col(f"anchor_{name}") for name in self._anchors},
        )
        wide = plan.marked(wide, beside, keep=["contact_id", *sorted(self._scores)])
        truths = [plan.truth(each, beside) for each in self.conditions]
        if self.only:
            return wide.filter(truths[0].holds).select("contact_id")
        answers = [column for place, truth in enumerate(truths) for column in _answer(F, truth, place)]
        return wide.select("contact_id", *answers)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of facts that are read."""
        return rules.kinds_read(self.conditions)

    @property
    def _anchors(self) -> list[str]:
        return rules.anchors(self.conditions)

    @property
    def _scores(self) -> set[str]:
        return {SCORES[leaf.score] for leaf in self._leaves if isinstance(leaf, Score)}

    @property
    def _leaves(self) -> list[Any]:
        return [atom.leaf for condition in self.conditions for atom in atoms(condition)]

    def tables(self) -> tuple[TableSpec, ...]:
        """Return what the conditions read, with the columns that they need."""
        contacts, facts = {"contact_id"} | self._scores, {"contact_id", "kind", "occurred_at", "human"}
        for leaf in self._leaves:
            if isinstance(leaf, FieldIs):
                field = self.names.find(leaf.field)
                contacts |= {field.column} if field else set()
            elif isinstance(leaf, Stage):
                contacts.add("stage_now")
            elif isinstance(leaf, Did) and leaf.where is not None:
                inner = [atom.leaf for atom in atoms(leaf.where)]
                fields = [self.names.find(each.field, FACTS) for each in inner if isinstance(each, FieldIs)]
                facts |= {field.column for field in fields if field}
        wide = narrowed(STANDING, frozenset(contacts))
        if not self.kinds:
            return (wide,)
        return wide, narrowed(self.names.tables[FACTS], frozenset(facts))

    def query(self) -> Query:
        """Return the compiled text, kept for these conditions."""
        key = ("segments", self.conditions, self.only, self.names.fields)
        return compiled(key, self, self.tables())


def ask_few(asked: Asked, contact_ids: Collection[int], hour: datetime) -> pa.Table:
    """Return what holds for these contacts; who is no living one has no row."""
    ids = sorted(contact_ids)
    inputs = {table.name: rows.of_contacts(table, ids, kinds=asked.kinds) for table in asked.tables()}
    database = duck.for_few() if len(ids) <= FEW else duck.shared()
    return database.run(asked.query().bind(now=hour), inputs)


def ask_everybody(asked: Asked, hour: datetime) -> pa.Table:
    """Return what holds for every living contact."""
    wide, *facts = asked.tables()
    inputs: dict[str, duck.Input] = contacts_now(wide)
    if facts:
        inputs |= facts_of_kinds(facts[0], asked.kinds)
    own = tuple(name for name in inputs if name not in (CONTACTS, FACTS))
    query = asked.query()
    query = replace(query, tables=(*own, *query.tables))
    return duck.shared().run(query.bind(now=hour), inputs)


def _answer(F: Any, truth: Truth, place: int) -> Sequence[Any]:  # noqa: N803
    at = F.lit(None).cast("bigint") if truth.changes_at is None else truth.changes_at
    return truth.holds.alias(f"holds_{place}"), at.alias(f"at_{place}")
