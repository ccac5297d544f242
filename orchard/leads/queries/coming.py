"""From when a contact may become a lead again: whom Sales has in hands, and who rests until when."""

from collections.abc import Collection, Mapping
from datetime import datetime

from orchard.contacts import queries as contacts
from orchard.interactions import queries as ledger
from orchard.leads.models import Colleague, Lead
from orchard.leads.types import HOLD, OPEN, State

_WORKED = (State.RETURNED, State.DISQUALIFIED, State.CONVERTED)
"""How a lead ended that a later one of the same contact waits for, or counts from."""


def resting_until(until: datetime, *, most: int) -> dict[int, datetime]:
    """Return whose rest after a lead ends by then, with when, the soonest first; the contacts are living ones."""
    rows = (
        Lead.objects.filter(wakes_at__lte=until)
        .order_by("wakes_at", "id")
        .values_list("contact_id", "wakes_at")
    )
    ends = list(rows[:most])
    living = ledger.living({contact for contact, _ in ends})
    return {living[contact]: at for contact, at in reversed(ends) if at is not None}


def at_work_among(contact_ids: Collection[int]) -> set[int]:
    """Return which of these living contacts are in hands: with an open lead or part of one, or held by a sale."""
    asked = set(contact_ids)
    found = set(Lead.objects.filter(contact__in=asked, state__in=OPEN).values_list("contact_id", flat=True))
    joined = Colleague.objects.filter(contact__in=asked, left_at__isnull=True)
    found |= set(joined.values_list("contact_id", flat=True))
    # Whom something else holds, such as a sale that was opened by hand, is in somebody's hands already.
    holders = contacts.held(asked - found)
    return found | {each for each, sources in holders.items() if any(kind != HOLD for kind, _ in sources)}


def worked(contact_ids: Collection[int]) -> dict[int, list[datetime | None]]:
    """Return of each living contact from when it may come again after each lead that ended in Sales' hands.

    None: never, as long as nothing else is decided. Who had no such lead is absent.
    """
    ids = ledger.all_ids(contact_ids)
    found: dict[int, list[datetime | None]] = {}
    rows = Lead.objects.filter(contact__in=list(ids), state__in=_WORKED)
    for contact, eligible_at in rows.values_list("contact_id", "eligible_at"):
        found.setdefault(ids[contact], []).append(eligible_at)
    return found


def free_from(contact_ids: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """Return from when each of these living contacts may become a lead; who is in hands or rests for good is absent."""
    free = set(contact_ids) - at_work_among(contact_ids)
    rests: Mapping[int, list[datetime | None]] = worked(free)
    return {
        contact: max([now, *(each for each in ends if each is not None)])
        for contact in free
        if None not in (ends := rests.get(contact, []))
    }
