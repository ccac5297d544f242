"""Which rows of the routing in force hold for contacts, by what stands now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from orchard.agreement.queries.holding import holding
from orchard.agreement.queries.terms import in_force
from orchard.agreement.types import Route


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
    routes = force.document.routing
    asked = [route.when for route in routes if route.when is not None]
    holds = {}
    for contact, answers in holding(asked, contact_ids, now=now).items():
        left = iter(answers)
        holds[contact] = tuple(route.when is None or next(left) for route in routes)
    return Routing(force.version_id, routes, holds)
