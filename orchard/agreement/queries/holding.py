"""Which conditions hold for contacts, whoever asks: all of them in one expression, over what stands now."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from orchard.agreement.queries.computing import FEW
from orchard.agreement.queries.concerned import with_colleagues
from orchard.agreement.queries.names import known
from orchard.agreement.queries.terms import in_force
from orchard.agreement.verdict import STAGES, Beside, Terms, Verdict
from orchard.engine import duck, rows
from orchard.engine.compile import compiled
from orchard.engine.conditions import AnyOf, Condition
from orchard.engine.types import Catalogue, TableSpec
from orchard.kit import clock
from orchard.scoring.types import Rules


class _Held(Verdict):
    """The builder of a query with one row per contact and a boolean `holds_0` ... for each condition."""

    def __init__(self, terms: Terms, names: Catalogue, conditions: Sequence[Condition]) -> None:
        super().__init__(terms, names)
        self.conditions = conditions

    def _answered(self, F: Any, frame: Any, scoring: Any, plan: Any) -> Any:  # noqa: N803, ARG002
        beside = Beside(F)
        return frame.select(
            "contact_id",
            *(
                plan.truth(when, beside).holds.alias(f"holds_{place}")
                for place, when in enumerate(self.conditions)
            ),
        )


def holding(
    conditions: Sequence[Condition], contact_ids: Collection[int], *, now: datetime
) -> dict[int, tuple[bool, ...]]:
    """Return for each of these living contacts which conditions hold, in their order; who is not there is absent.

    Scores are those of now by the agreement in force, 0 before the first; the stage is the one that pages show.
    """
    if not conditions or not contact_ids:
        return dict.fromkeys(contact_ids, ())
    names, terms = known(), _terms(conditions)
    tables = tuple(_as_shown(table) for table in terms.tables(names))
    asked = tuple(conditions)
    query = compiled(("holding", terms, names.fields), _Held(terms, names, asked), tables)
    force = in_force()
    ids = sorted(with_colleagues(replace(force, terms=terms), contact_ids) if force else contact_ids)
    inputs = {table.name: rows.of_contacts(table, ids, kinds=terms.kinds) for table in tables}
    database = duck.for_few() if len(ids) <= FEW else duck.shared()
    found = database.run(query.bind(now=clock.full_hour(now)), inputs).to_pylist()
    places = range(len(asked))
    asked_for = set(contact_ids)
    return {
        row["contact_id"]: tuple(bool(row[f"holds_{place}"]) for place in places)
        for row in found
        if row["contact_id"] in asked_for
    }


def _terms(conditions: Sequence[Condition]) -> Terms:
    force, all_of_them = in_force(), AnyOf.model_validate({"any": tuple(conditions)})
    if force is None:
        return Terms(Rules((), ()), all_of_them)
    return replace(force.terms, handoff=all_of_them, never=None)


def _as_shown(table: TableSpec) -> TableSpec:
    """Read the stage that pages show, and not the one below the verdict, which a verdict must not rest on."""
    if table.name != STAGES:
        return table
    return replace(table, source="SELECT contact_id, stage FROM stage")
