"""How a campaign's state is said, and how its tree is laid out for a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orchard.campaigns.types import Branch, Status
from orchard.kit.money import Money
from orchard.reports.queries import Figures
from orchard.reports.queries.campaigns import Brought

# Word and tone of each state.
STANDING: dict[str, tuple[str | Promise, str]] = {
    Status.PLANNED.value: (_("planned"), "soon"),
    Status.RUNNING.value: (_("running"), "ok"),
    Status.DONE.value: (_("done"), "neutral"),
    Status.CANCELLED.value: (_("cancelled"), "rot"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A campaign as a line of the tree; `brought` is None while it is not counted yet."""

    branch: Branch
    depth: int
    holds: int
    """How many campaigns are below it."""
    brought: Brought | None
    words: str | Promise
    tone: str

    @property
    def own_differs(self) -> bool:
        """Whether its own cost is another than that of the whole branch, and worth saying."""
        own, whole = self.branch.own_actual or self.branch.own_planned, self.branch.actual
        return bool(self.holds and own is not None and list(whole) != [own])

    @property
    def spent(self) -> tuple[int, int] | None:
        """Actual and planned in minor units where both are known in one and the same currency."""
        return spent(self.branch.planned, self.branch.actual)


def lines_of(branches: Sequence[Branch], figures: Figures | None) -> list[Line]:
    """Return the lines of a tree or of a part of it; the depth counts from its first."""
    top = branches[0].depth if branches else 0
    below: dict[int, int] = {}
    parents = {branch.id: branch.parent_id for branch in branches}
    for branch in branches:
        above = branch.parent_id
        while above in parents:
            below[above] = below.get(above, 0) + 1
            above = parents[above]
    return [
        Line(
            branch,
            branch.depth - top,
            below.get(branch.id, 0),
            figures.of.get(branch.id) if figures else None,
            *STANDING[branch.status],
        )
        for branch in branches
    ]


def spent(planned: Sequence[Money], actual: Sequence[Money]) -> tuple[int, int] | None:
    """Return actual and planned where they can be compared: amounts of different currencies are never added."""
    if (
        len(planned) == len(actual) == 1
        and planned[0].currency == actual[0].currency
        and planned[0].minor > 0
    ):
        return actual[0].minor, planned[0].minor
    return None
