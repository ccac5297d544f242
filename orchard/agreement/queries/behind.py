"""What a line of a score is made of: the facts that give it points, or the fields that say what a contact is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from orchard.agreement.queries.names import known
from orchard.agreement.queries.terms import in_force
from orchard.engine import duck, rows
from orchard.engine import expressions as e
from orchard.engine.compile import compiled
from orchard.engine.conditions import Did, FieldIs, atoms
from orchard.engine.plan import Plan
from orchard.engine.types import FACTS, Catalogue, ColumnType
from orchard.kit import clock
from orchard.kit.errors import NotFound
from orchard.scoring.types import TENTH, EngagementRule, FitRule


@dataclass(frozen=True, slots=True)
class Earned:
    """A fact behind a line, and what it gives now in tenths of a point, before the cap of the line."""

    interaction_id: int
    tenths: int


@dataclass(frozen=True, slots=True)
class Behind:
    """A line of the score of a contact by the version in force: its name, its cap and its facts, the newest first."""

    version: int
    name: str
    kinds: Sequence[str]
    cap: int | None
    """In tenths of a point."""
    facts: Sequence[Earned]


class UnknownLine(NotFound):
    """The agreement in force has no such line, or it is none of what somebody did."""


class _Earning:
    """The builder of a query with one row for each fact that a rule gives points for: `interaction_id`, `points`."""

    def __init__(self, rule: EngagementRule, names: Catalogue) -> None:
        self.rule = rule
        self.names = names

    def __call__(self, F: Any, tables: Mapping[str, Any], now: Any) -> Any:  # noqa: N803 - PySpark's name for its functions
        plan = Plan(F, self.names, (), now)
        rule, at = self.rule, e.micros(F, F.col("occurred_at"))
        facts = plan.counted(tables[FACTS], rule.kinds)
        points = e.decayed(F, points=rule.points, half_life_days=rule.half_life_days, at=at, now=plan.now)
        matching = facts.filter(plan.matches(Did(did=rule.kinds, where=rule.where)))
        return matching.select("interaction_id", at.alias("at"), points.alias("points"))


def counting_kinds() -> frozenset[str]:
    """Return the kinds of facts that speak for a lead by the version in force: for points, or as asked for."""
    force = in_force()
    return force.terms.fresh_kinds if force else frozenset()


def fields_of(rule: FitRule, names: Catalogue) -> tuple[tuple[str, str], ...]:
    """Return name and label of the fields that a line of who somebody is rests on."""
    leaves = (atom.leaf for atom in atoms(rule.when))
    found = (names.find(leaf.field) for leaf in leaves if isinstance(leaf, FieldIs))
    return tuple(dict.fromkeys((field.name, field.label) for field in found if field))


def behind(contact_id: int, place: int, *, now: datetime) -> Behind:
    """Return what is behind the line at a place (from 0, as the verdict lists them) of a living contact.

    Raises `UnknownLine`.
    """
    force = in_force()
    number = -1 if force is None else place - len(force.terms.rules.fit)
    if force is None or not 0 <= number < len(force.terms.rules.engagement):
        raise UnknownLine("The agreement has no such line any more. Look at the score again.")
    rule, names = force.terms.rules.engagement[number], known(force.document)
    (table,) = (each for each in force.terms.tables(names) if each.name == FACTS)
    table = replace(table, columns={**table.columns, "interaction_id": ColumnType.BIGINT})
    query = compiled(("earning", rule, names.fields), _Earning(rule, names), (table,))
    inputs = {FACTS: rows.of_contacts(table, [contact_id], kinds=rule.kinds)}
    found = duck.for_few().run(query.bind(now=clock.full_hour(now)), inputs).to_pylist()
    found.sort(key=lambda row: (row["at"], row["interaction_id"]), reverse=True)
    return Behind(
        force.number,
        rule.name,
        rule.kinds,
        None if rule.cap is None else rule.cap // TENTH,
        [Earned(row["interaction_id"], row["points"] // TENTH) for row in found],
    )
