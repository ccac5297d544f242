"""Programs for tests: what they say, how they go live, and how leads come back to them."""

from datetime import timedelta

from orchard import flow
from orchard.kit import clock
from orchard.leads import actions as leads
from orchard.leads.models import Lead
from orchard.nurture import actions
from orchard.nurture.models import Enrolment, Program, ProgramVersion
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make.leads import drain, lead_of
from tests.make.members import member

WAIT = {"type": "wait", "days": 30}
CALL = {"type": "task", "what": "call", "title": "Ask how it goes", "to": "returned_by"}


def said(*steps, name="Not now", returned=("too_early",), when=None, **more) -> dict:
    """Return the values of a program with these steps."""
    audience = {"when": when} if when else {"returned": list(returned)}
    return {"name": name, "audience": audience, "steps": list(steps or (WAIT, CALL)), **more}


def marketer() -> Member:
    """Make a member of Marketing."""
    return member(Role.MARKETING, name="Sam Okafor")


def live(values: dict | None = None, *, by: Member | None = None, lets_in=False, sweeps=True) -> Program:
    """Let a program go live; return it."""
    actor = by or marketer()
    now = clock.now()
    program_id = actions.begin(values=values or said(), actor_id=actor.pk, now=now)
    actions.go_live(program_id=program_id, revision=1, lets_in=lets_in, actor_id=actor.pk, now=now)
    if sweeps:
        flow.sweep(now)
    return Program.objects.get(id=program_id)


def next_version(program: Program, values: dict, *, by: Member, lets_in=False) -> ProgramVersion:
    """Let another version of a program go live; return it."""
    now = clock.now()
    actions.save_draft(program_id=program.pk, values=values, revision=None, actor_id=by.pk, now=now)
    actions.go_live(program_id=program.pk, revision=1, lets_in=lets_in, actor_id=by.pk, now=now)
    flow.sweep(now)
    return ProgramVersion.objects.get(program=program, state="live")


def returns(contact_id: int, reason: str = "too_early") -> Lead:
    """Let whoever has the contact's lead give it back, and let everybody read of it."""
    lead = lead_of(contact_id)
    leads.give_back(
        lead_id=lead.id,
        member_id=lead.member_id,
        reason=reason,
        wake_on=None,
        note="",
        zone="UTC",
        now=clock.now(),
    )
    drain()
    return lead


def enrolment_of(contact_id: int) -> Enrolment:
    """Return the newest enrolment of a contact."""
    return Enrolment.objects.filter(contact=contact_id).latest("id")


def later(days: float = 0, hours: float = 0):
    """Return the clock set so much later."""
    return clock.at(clock.now() + timedelta(days=days, hours=hours))
