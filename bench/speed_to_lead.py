"""Promise: who asks for a quote stands in the queue of whoever is offered the lead within 150 ms, half of the time."""

import time

from django.db import connection

from bench import forms
from bench.figures import LOWER, Figure, rounded
from bench.ground import Ground, say
from bench.large import large
from orchard.kit import clock
from orchard.leads import queries as leads
from orchard.leads.models import Lead
from orchard.leads.queries import Which
from orchard.leads.types import State
from orchard.team import actions as team
from orchard.team.models import Member
from orchard.team.types import Hours, Place, Role, TerritoryFields

MEMBERS = 40


def measure(here: Ground) -> list[Figure]:
    """Let forms come in beside the workers of the house, and look into the queues of its members."""
    seconds = max(3.0, forms.SECONDS * here.scale)
    with here.clone(large(here)):
        forms.catch_up()
        _hire(2 * round(seconds * forms.PER_SECOND) // MEMBERS + 10)
        people_left = forms.people_far_from_ripe()
        reference = forms.bare(here, round(seconds * forms.PER_SECOND))
        with forms.house(here):
            forms.wait_for_the_house(next(people_left), _look)
            found = forms.send(people_left, _look, until=forms.until_after(seconds))
    say(f"  {len(found)} forms: {forms.spread(found)}")
    return [
        Figure(
            "p50_ms", rounded(forms.share(found, 0.5)), "ms", LOWER, 150, rounded(forms.share(reference, 0.5))
        ),
        Figure(
            "p99_ms",
            rounded(forms.share(found, 0.99)),
            "ms",
            LOWER,
            700,
            rounded(forms.share(reference, 0.99)),
        ),
    ]


def _hire(leads_each: int) -> None:
    """Let members come who work round the clock, so that a bench at night finds somebody."""
    always = TerritoryFields("Everywhere", "UTC", Hours(frozenset(range(7)), 0, 24 * 60), "")
    place = team.add_territory(fields=always, actor_id=None, now=clock.now())
    # What waited before waits on, so that the queues are those of people: some thirty leads, one page.
    Lead.objects.filter(state=State.WAITING).update(stale_at=clock.now())
    for number in range(MEMBERS):
        team.add_member(
            email=f"rep{number}@bench.example",
            name=f"Rep {number}",
            place=Place(Role.SALES),
            password=None,
            now=clock.now(),
        )
    Member.objects.filter(role=Role.SALES).update(capacity=leads_each, territory=place)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE lead")  # as the database does by itself after so many changes, a minute later


def _look(pending: dict[int, float], found: forms.Found) -> None:
    """Look whose queue shows whom by now, and note how long each took in milliseconds."""
    given = dict(pending)
    for lead in leads.handoffs_of(given, now=clock.now()):
        if lead.state is not State.OFFERED or lead.contact_id not in pending or lead.member_id is None:
            continue
        queue = leads.in_hands(Which.OFFERED, member_id=lead.member_id)
        if any(each.id == lead.id for each in queue.rows):
            found[lead.contact_id] = (time.monotonic() - pending.pop(lead.contact_id)) * 1000
