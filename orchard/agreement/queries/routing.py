"""Which rows of the routing in force hold for contacts: the conditions as one expression, over what stands now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from orchard.agreement.queries.holding import FEW, Held
from orchard.agreement.queries.terms import Force, in_force
from orchard.agreement.types import Route
from orchard.agreement.verdict import Terms
from orchard.engine import catalogue, duck, rows
from orchard.engine.compile import compiled
from orchard.engine.conditions import AnyOf, Condition
from orchard.kit import clock


@dataclass(frozen=True, slots=True)
class Routing:
    """The routing of a version: its rows, and which of them hold for whom, in their order."""

    version_id: int
    routes: tuple[Route, ...]
    holds: Mapping[int, tuple[bool, ...]]


def routing_of(contact_ids: Collection[int], *, now: datetime) -> Routing | None:
    """Return the routing in force and which rows hold for these contacts; None before the first agreement.

    A contact that is not there any more has no entry. A row without a condition holds for everybody.
    """
    force = in_force()
    if force is None:
        return None
    asked = _asked(force)
    everybody = (True,) * len(force.document.routing)
    if asked is None:
        return Routing(force.version_id, force.document.routing, dict.fromkeys(contact_ids, everybody))
    terms, conditions = asked
    tables = terms.tables(catalogue.installed())
    query = compiled(
        ("routing", terms, catalogue.installed().fields),
        Held(terms, catalogue.installed(), conditions),
        tables,
    )
    ids = sorted(contact_ids)
    inputs = {table.name: rows.of_contacts(table, ids, kinds=terms.kinds) for table in tables}
    database = duck.for_few() if len(ids) <= FEW else duck.shared()
    found = database.run(query.bind(now=clock.full_hour(now)), inputs).to_pylist()
    holds = {
        row["contact_id"]: tuple(bool(row[f"holds_{place}"]) for place in range(len(everybody)))
        for row in found
    }
    return Routing(force.version_id, force.document.routing, holds)


def _asked(force: Force) -> tuple[Terms, tuple[Condition | None, ...]] | None:
    """Return the terms under which all conditions of a version's routing are computed; None where it has none."""
    conditions = tuple(route.when for route in force.document.routing)
    asked = tuple(each for each in conditions if each is not None)
    if not asked:
        return None
    return replace(force.terms, handoff=AnyOf.model_validate({"any": asked}), never=None), conditions
