"""What decisions about a lead in hands rest on: the version it was offered under, attempts and touches since then."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

from orchard.agreement import queries as agreement
from orchard.interactions import queries as ledger
from orchard.interactions.types import TOUCHES, TRIES
from orchard.leads.models import Lead, Offer
from orchard.tasks import queries as tasks
from orchard.tasks.types import Step


def version_of(lead_id: int, born_under: int) -> int:
    """Return the version that a lead was offered under last, else the one it was born under."""
    offers = Offer.objects.filter(lead=lead_id).order_by("-id").values_list("version", flat=True)
    return offers.first() or born_under


def versions_of(leads: Sequence[Lead]) -> dict[int, int]:
    """Return for each lead the version that it was offered under last, else the one it was born under."""
    rows = Offer.objects.filter(lead__in=[lead.id for lead in leads]).order_by("id")
    last = dict(rows.values_list("lead", "version"))
    return {lead.id: last.get(lead.id, lead.version_id) for lead in leads}


def terms_of(lead_id: int, born_under: int) -> agreement.Force:
    """Return the agreement that decides about a lead in hands."""
    return agreement.terms_of_version(version_of(lead_id, born_under))


def attempts_of(leads: Iterable[Lead]) -> dict[int, int]:
    """Return how often we tried each lead's contact, in vain or not, since the lead came to whoever has it."""
    return {lead: len(times) for lead, times in _since(leads, TRIES).items()}


def first_attempts_of(leads: Iterable[Lead]) -> dict[int, datetime]:
    """Return when we first tried each lead's contact since the lead came to whoever has it."""
    return {lead: min(times) for lead, times in _since(leads, TRIES).items() if times}


def last_attempts_of(leads: Iterable[Lead]) -> dict[int, datetime]:
    """Return when we last tried each lead's contact since the lead came to whoever has it."""
    return {lead: max(times) for lead, times in _since(leads, TRIES).items() if times}


def begun_of(leads: Iterable[Lead]) -> dict[int, datetime]:
    """Return when each lead came to whoever has it."""
    rows = Offer.objects.filter(lead__in=[each.id for each in leads]).order_by("id")
    return dict(rows.values_list("lead", "made_at"))


def touches_of(leads: Iterable[Lead]) -> dict[int, datetime]:
    """Return when each lead's contact was reached last since the lead came to whoever has it."""
    return {lead: max(times) for lead, times in _since(leads, TOUCHES).items() if times}


def planned_of(leads: Sequence[Lead]) -> dict[int, datetime]:
    """Return until when the next step with each lead's contact holds off rot: the end of its day, or of the meeting."""
    living = ledger.living(each.contact_id for each in leads)
    steps = tasks.next_steps_of_contacts(set(living.values()))
    return {
        each.id: until_of(steps[living[each.contact_id]])
        for each in leads
        if living[each.contact_id] in steps
    }


def until_of(step: Step) -> datetime:
    """Return when a step is over: its day wherever on earth, or its hour."""
    return step.ends_at or datetime.combine(step.due_on, time(12), UTC) + timedelta(days=1)


def _since(leads: Iterable[Lead], kinds: frozenset[str]) -> dict[int, list[datetime]]:
    leads = list(leads)
    begins = begun_of(leads)
    living = ledger.living(each.contact_id for each in leads)
    of_contact: dict[int, list[datetime]] = {}
    for fact in ledger.facts_of_kinds(set(living.values()), kinds):
        if fact.contact_id is not None:
            of_contact.setdefault(fact.contact_id, []).append(fact.occurred_at)
    return {
        each.id: [
            at
            for at in of_contact.get(living[each.contact_id], ())
            if at >= begins.get(each.id, each.ripe_at)
        ]
        for each in leads
    }
