"""Leads for tests: members who take them, contacts who are ripe, and the way from one to the other."""

from datetime import timedelta
from itertools import count

from django.db import transaction

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import Lane, NewFact
from orchard.kit import clock
from orchard.leads.models import Lead
from orchard.team import actions as team
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make.members import member

_numbers = count(1)

AGREEMENT = """\
name: Loop
score:
  engagement:
    - {name: Visited our booth, kinds: [show.visited], points: 25, half_life_days: 90, cap: 50}
handoff:
  any: [{score: total, at_least: 40}, {did: [quote.requested], within_days: 90}]
  at_account: join
promises:
  sales: {accept_within_hours: 4, first_attempt_within_hours: 8, attempts_before_no_answer: 2}
  marketing: {ripe_per_month: 120}
returns:
  - {reason: wrong_timing, label: Not now, ask: wake_on, eligible_after_days: 60}
  - {reason: no_answer, label: No answer, needs: attempts_before_no_answer, eligible_after_days: 30}
  - {reason: too_early, label: Too early, eligible_after_days: 20}
  - {reason: not_a_fit, label: Wrong fit, disqualifies: true}
rot: {contact_days: 120, lead_days: 5, longest_plan_days: 60}
"""
"""A small agreement in which everything can happen to a lead."""


def rep(name: str = "Lars Berg", *, capacity: int = 5, weight: int = 1, **more) -> Member:
    """Make a member of Sales who takes leads."""
    made = member(Role.SALES, name=name, **more)
    Member.objects.filter(id=made.id).update(capacity=capacity, weight=weight)
    made.refresh_from_db()
    return made


def team_named(name: str) -> int:
    """Make a team; return its id."""
    return team.add_team(name=name, actor_id=None, now=clock.now())


def contact(name: str = "", **values) -> int:
    """Make a contact."""
    return contacts.create_contact(full_name=name or f"Ada {next(_numbers)}", now=clock.now(), **values)


def happened(
    contact_id: int, kind: str, *, days_ago: float = 0, member_id: int | None = None, lane=Lane.LIVE
):
    """Append a fact about a contact; return its id."""
    at = clock.now() - timedelta(days=days_ago)
    with transaction.atomic():
        fact = NewFact(kind, at, contact_id=contact_id, member_id=member_id)
        return ledger.append([fact], now=clock.now(), lane=lane)[0]


def ripe(name: str = "", *, days_ago: float = 0, lane=Lane.LIVE, **values) -> int:
    """Make a contact who asks for a quote."""
    made = contact(name, **values)
    happened(made, "quote.requested", days_ago=days_ago, lane=lane)
    return made


def drain() -> None:
    """Let all consumers read to the end of the ledger."""
    ledger.drain(flow.CONSUMERS)


def tick() -> None:
    """Do what time asks for, and let everybody read of it."""
    for each in flow.CLOCKWORK:
        each.function(clock.now())
    drain()


def lead_of(contact_id: int) -> Lead:
    """Return the newest lead of a contact."""
    return Lead.objects.filter(contact=contact_id).latest("id")
