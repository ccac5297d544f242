"""Leads: listed, read, taken, returned and given, by the same actions and with the same rights as on the pages."""

from datetime import timedelta
from typing import Annotated

from django.http import HttpRequest
from ninja import Body, Path, Query

from orchard.api import actions as api
from orchard.api.operations import MANAGERS, SELLERS, Desk, Reply, caller_of
from orchard.api.types import Scope
from orchard.api.v1.lead_shapes import (
    Back,
    Came,
    Choice,
    Choices,
    Clocks,
    Count,
    Entry,
    Lead,
    LeadLine,
    Leads,
    NewEntry,
    NextStep,
    Nothing,
    Offer,
    Receiver,
    Released,
    ScoreLine,
    Wish,
)
from orchard.api.v1.shapes import Id, Named, named
from orchard.contacts import queries as contacts
from orchard.kit import clock
from orchard.leads import actions, queries
from orchard.tasks.types import NewStep
from orchard.team import queries as team

desk = Desk(tags=["leads"])

LeadId = Annotated[Id, Path(description="The id of a lead.")]
Empty = Annotated[Nothing, Body(Nothing(), description="Nothing, or an empty object.")]


@desk.offer("GET", "/leads", name="leads", scope=Scope.LEADS_READ, answers=Leads)
def list_leads(request: HttpRequest, wish: Query[Wish]) -> Reply:
    """List leads.

    As far as the member of the token sees them. A page at a time: follow `next` until it is empty. By `newest`, what
    comes meanwhile neither shifts a page nor comes twice. `state=waiting` is the basket.
    """
    caller = caller_of(request)
    page = queries.listing(
        queries.Wish(
            states=wish.state,
            member_id=caller.member_id if wish.member == "me" else wish.member,
            account_id=wish.account_id,
            contact_id=wish.contact_id,
            order=wish.order,
        ),
        now=clock.now(),
        cursor=wish.cursor,
        size=wish.limit,
    )
    return Reply(Leads(leads=[_line(row) for row in page.rows], next=page.next, previous=page.previous))


@desk.offer("GET", "/leads/{int:lead_id}", name="lead", scope=Scope.LEADS_READ, answers=Lead)
def read_lead(request: HttpRequest, lead_id: LeadId) -> Reply:  # noqa: ARG001 - ninja gives it
    """Read one lead whole.

    Who has it, its clocks, why it is one, its score line by line, and everybody to whom it was offered.
    """
    return _whole(lead_id)


@desk.offer(
    "GET",
    "/leads/{int:lead_id}/reasons",
    name="lead_reasons",
    scope=Scope.LEADS_READ,
    roles=SELLERS,
    answers=Choices,
)
def list_reasons(request: HttpRequest, lead_id: LeadId) -> Reply:  # noqa: ARG001 - ninja gives it
    """List the reasons for which a lead may come back.

    Each with what it asks for, what is missing still, and from when the contact may come again.
    """
    return Reply(Choices(choices=[_choice(each) for each in queries.choices(lead_id)]))


@desk.offer(
    "POST",
    "/leads/{int:lead_id}/accept",
    name="lead_accept",
    scope=Scope.LEADS_WRITE,
    roles=SELLERS,
    answers=Lead,
)
def accept_lead(request: HttpRequest, lead_id: LeadId, given: Empty) -> Reply:  # noqa: ARG001 - it says nothing
    """Accept the lead that is offered to the member.

    Refused with 409 where the offer is over, or somebody else has the lead.
    """
    caller = caller_of(request)
    actions.accept(lead_id=lead_id, member_id=caller.member_id, now=clock.now())
    return _whole(lead_id)


@desk.offer(
    "POST",
    "/leads/{int:lead_id}/pick",
    name="lead_pick",
    scope=Scope.LEADS_WRITE,
    roles=SELLERS,
    answers=Lead,
)
def pick_lead(request: HttpRequest, lead_id: LeadId, given: Empty) -> Reply:  # noqa: ARG001 - it says nothing
    """Take a lead that waits in the basket.

    Refused with 409 where somebody else was first, and with 400 where the member has as many as he or she takes.
    """
    caller = caller_of(request)
    actions.pick(lead_id=lead_id, member_id=caller.member_id, now=clock.now())
    return _whole(lead_id)


@desk.offer(
    "POST",
    "/leads/{int:lead_id}/return",
    name="lead_return",
    scope=Scope.LEADS_WRITE,
    roles=SELLERS,
    answers=Lead,
)
def return_lead(request: HttpRequest, lead_id: LeadId, given: Back) -> Reply:
    """Return a lead that the member has, with a reason, or disqualify it.

    `reasons` says which there are and what follows. A day is kept for a reason that asks for one alone.
    """
    caller = caller_of(request)
    asks = {each.reason for each in queries.choices(lead_id) if each.asks_day}
    actions.give_back(
        lead_id=lead_id,
        member_id=caller.member_id,
        reason=given.reason,
        wake_on=given.wake_on if given.reason in asks else None,
        note=given.note,
        zone=team.member(caller.member_id).time_zone,
        now=clock.now(),
    )
    return _whole(lead_id)


@desk.offer(
    "POST",
    "/leads/{int:lead_id}/reassign",
    name="lead_reassign",
    scope=Scope.LEADS_WRITE,
    roles=MANAGERS,
    answers=Lead,
)
def reassign_lead(request: HttpRequest, lead_id: LeadId, given: Receiver) -> Reply:
    """Give an open lead to a member, whatever the capacity.

    An accepted one moves; any other is offered to the member, with a clock of its own.
    """
    caller = caller_of(request)
    receiver = given.member_id or team.member_by_email(given.email or "").id
    actions.reassign(lead_id=lead_id, member_id=receiver, actor_id=caller.member_id, now=clock.now())
    return _whole(lead_id)


@desk.offer(
    "POST",
    "/leads/{int:lead_id}/reinstate",
    name="lead_reinstate",
    scope=Scope.LEADS_WRITE,
    roles=MANAGERS,
    answers=Lead,
)
def reinstate_lead(request: HttpRequest, lead_id: LeadId, given: Empty) -> Reply:  # noqa: ARG001 - it says nothing
    """Let the contact of a disqualified lead become a lead again after all."""
    caller = caller_of(request)
    actions.reinstate(lead_id=lead_id, actor_id=caller.member_id, now=clock.now())
    return _whole(lead_id)


@desk.offer(
    "POST",
    "/leads/release",
    name="leads_release",
    scope=Scope.LEADS_WRITE,
    roles=MANAGERS,
    answers=Released,
)
def release_leads(request: HttpRequest, given: Count) -> Reply:
    """Let stale leads be offered like fresh ones, the highest scores first."""
    released = actions.release(count=given.count, actor_id=caller_of(request).member_id, now=clock.now())
    return Reply(Released(released=released))


@desk.offer(
    "POST",
    "/leads/{int:lead_id}/log",
    name="lead_log",
    scope=Scope.LEADS_WRITE,
    answers=Entry,
    status=201,
)
def log_with_lead(request: HttpRequest, lead_id: LeadId, given: NewEntry) -> Reply:
    """Log what happened with the contact of a lead: a call, a meeting, a mail written by hand.

    What one says, and what is to be done next, go with it. A real exchange holds off rot, an attempt the clock of the
    first one.
    """
    caller = caller_of(request)
    logged, contact_id = api.log_with_lead(
        lead_id=lead_id,
        happened=given.happened,
        at=given.at,
        words=given.words,
        next_step=_step(given.next_step),
        caller=caller,
        now=clock.now(),
    )
    entry = Entry(id=logged.id, fact_id=logged.interaction_id, next_step_id=logged.next_id)
    return Reply(entry, 201, about=[contact_id])


def _line(row: queries.Listed) -> LeadLine:
    return LeadLine(
        id=row.id,
        contact=Named(id=row.contact_id, name=row.contact),
        account=named(row.account_id, row.account),
        state=row.state,
        stale=row.stale,
        member=named(row.member_id, row.member),
        round=row.round,
        points=row.score / 10,
        ripe_at=row.ripe_at,
        accepted_at=row.accepted_at,
        clocks=Clocks(accept_by=row.due_at, first_attempt_by=row.attempt_due_at, rots_at=row.rots_at),
        closed_at=row.closed_at,
        came_back=Came(reason=row.reason, label=row.label) if row.reason else None,
        eligible_at=row.eligible_at,
    )


def _whole(lead_id: int) -> Reply:
    """Answer a lead as it is now."""
    lead = queries.lead(lead_id, now=clock.now())
    people = contacts.names([lead.contact_id])
    account = contacts.account_names([lead.account_id]) if lead.account_id else {}
    body = Lead(
        id=lead.id,
        contact=Named(id=lead.contact_id, name=people.get(lead.contact_id, "")),
        account=named(lead.account_id, account.get(lead.account_id or 0)),
        state=lead.state,
        stale=lead.stale,
        member=named(lead.member_id, lead.member),
        round=lead.round,
        points=lead.points,
        ripe_at=lead.ripe_at,
        accepted_at=lead.accepted_at,
        clocks=Clocks(accept_by=lead.due_at, first_attempt_by=lead.attempt_due_at, rots_at=lead.rots_at),
        closed_at=lead.closed_at,
        came_back=Came(reason=lead.code, label=lead.reason) if lead.code else None,
        eligible_at=lead.eligible_at,
        version=lead.version,
        touched_at=lead.touched_at,
        attempts=lead.attempts,
        met=lead.met,
        lines=[ScoreLine(name=each.name, points=each.tenths / 10, fit=each.fit) for each in lead.lines],
        offers=[_offer(each) for each in lead.offers],
        colleagues=[Named(id=identity, name=name) for identity, name in lead.colleagues],
    )
    return Reply(body, about=[lead.contact_id, *(identity for identity, _ in lead.colleagues)])


def _offer(each: queries.OfferShown) -> Offer:
    return Offer(
        member=each.member,
        made_at=each.made_at,
        due_at=each.due_at,
        why=each.why,
        by=each.by,
        outcome=each.outcome or "",
        ended_at=each.ended_at,
    )


def _choice(each: queries.Choice) -> Choice:
    rest = None if each.disqualifies else timedelta(days=each.rest_days or 0)
    return Choice(
        reason=each.reason,
        label=each.label,
        asks="wake_on" if each.asks_day else "",
        disqualifies=each.disqualifies,
        attempts=each.attempts,
        missing=each.missing,
        eligible_at=None if rest is None else clock.now() + rest,
    )


def _step(given: NextStep | None) -> NewStep | None:
    if given is None:
        return None
    return NewStep(given.what, given.due_on, given.title, given.starts_at, given.ends_at, given.place)
