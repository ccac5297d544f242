"""How many leads there are that are not over, and how many offers should have ended by now."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from orchard.leads.models import Lead, Offer
from orchard.leads.types import OPEN


@dataclass(frozen=True, slots=True)
class Standing:
    """Open leads by state, every open state named; `overdue` are offers whose clock ran out and that have not ended."""

    by_state: dict[str, int]
    overdue: int


def standing(*, now: datetime) -> Standing:
    """Return how leads stand at a moment."""
    rows = Lead.objects.filter(state__in=OPEN).values_list("state").annotate(n=Count("id"))
    return Standing(
        {**dict.fromkeys((state.value for state in OPEN), 0), **dict(rows)},
        Offer.objects.filter(outcome="", due_at__lte=now).count(),
    )
