"""Who is told what of leads: those who hold one, and the managers of what nobody took."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from orchard.leads.models import Lead
from orchard.leads.tables import ESCALATED
from orchard.tasks import actions as tasks
from orchard.team import queries as team


def tell_holders(kind: str, leads: Iterable[tuple[int, int, int | None]], *, now: datetime) -> None:
    """Tell members of leads: (lead id, contact id, member id) each; nobody is told where there is no member."""
    tellings = [
        tasks.Telling(member, kind, ("lead", lead), contact, f"{kind}:{lead}:{now.isoformat()}")
        for lead, contact, member in leads
        if member is not None
    ]
    tasks.tell(tellings, now=now)


def tell_managers(lead_ids: Sequence[int], *, now: datetime) -> None:
    """Tell every manager of leads that nobody took."""
    rows = list(Lead.objects.filter(id__in=lead_ids, bulk=False).values_list("id", "contact_id"))
    managers = team.managers() if rows else []
    tellings = [
        tasks.Telling(manager, ESCALATED, ("lead", lead), contact, f"{ESCALATED}:{lead}:{now.isoformat()}")
        for manager in managers
        for lead, contact in rows
    ]
    tasks.tell(tellings, now=now)
