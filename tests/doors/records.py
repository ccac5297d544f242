"""For each argument that addresses take: how to make a record to put there, owned by a member where it has an owner.

With nobody as the owner: a contact with whom nobody is at work, and a lead that waits.
"""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import int_to_base36

from orchard.agreement import actions as agreement_actions
from orchard.agreement import queries as agreement
from orchard.api import actions as api
from orchard.api.types import Scope, TokenFields
from orchard.campaigns import actions as campaigns
from orchard.connect import actions as imports
from orchard.contacts import actions as contacts
from orchard.contacts import queries as contact_queries
from orchard.contacts.models import Doubt
from orchard.contacts.types import Entity, FieldType, NewFile
from orchard.flow import CONSUMERS
from orchard.interactions import actions as ledger
from orchard.interactions import queries as ledger_queries
from orchard.interactions.actions import ensure_cursors
from orchard.interactions.models import Stuck
from orchard.interactions.types import NewFact, NotUseful
from orchard.kit import clock
from orchard.leads.models import Lead, Offer
from orchard.nurture import actions as nurture
from orchard.opportunities import actions as opportunities
from orchard.opportunities.types import Fields
from orchard.tasks import actions as tasks
from orchard.tasks import queries as task_queries
from orchard.tasks.types import Happened, What
from orchard.team import actions
from orchard.team.models import Member
from orchard.team.types import Hours, Place, Role, TerritoryFields
from orchard.weekly import actions as weekly
from orchard.weekly import queries as weekly_queries
from orchard.weekly.types import Week
from tests.make import agreements, programs, segments
from tests.make.agreements import SMALL
from tests.make.members import member


def _token(owner: Member) -> str:
    made = actions.invite(
        email=f"guest-of-{owner.id}@orchard.example",
        place=Place(Role.SALES),
        link_to=lambda token: token,
        actor_id=owner.id,
        now=clock.now(),
    )
    return made.link


def _invitation(owner: Member) -> int:
    made = actions.invite(
        email=f"friend-of-{owner.id}@orchard.example",
        place=Place(Role.SALES),
        link_to=str,
        actor_id=owner.id,
        now=clock.now(),
    )
    return made.id


def _session(owner: Member) -> int:
    return UserSession.objects.create(user=owner, ip="127.0.0.1", session_key=f"key-of-{owner.id}").id


def _account(_owner: Member) -> int:
    return contacts.create_account(name="Acme", ids=[("erp", str(uuid4()))], now=clock.now())


def _site(owner: Member) -> int:
    return contacts.add_site(account_id=_account(owner), name="Plant", now=clock.now(), actor_id=owner.id)


def _campaign(_owner: Member) -> int:
    return campaigns.create_campaign(name=f"Fair {uuid4()}", now=clock.now())


def _cost(owner: Member) -> int:
    return campaigns.add_cost(
        campaign_id=_campaign(owner),
        amount=1,
        currency="EUR",
        what="Stand",
        on=clock.now().date(),
        now=clock.now(),
        actor_id=owner.id,
    )


def _stuck(_owner: Member) -> int:
    ensure_cursors(CONSUMERS)
    return Stuck.objects.create(
        consumer="interactions.classify", lane="live", contact_id=1, pos=1, error="Boom", since=clock.now()
    ).id


def _agreement(_owner: Member) -> int:
    waiting = agreement.proposed()
    if waiting is None:
        other = SMALL.replace("ripe_per_month: 120", "ripe_per_month: 121")
        agreement_actions.propose_text(text=other, member_id=None, now=clock.now())
        waiting = agreement.proposed()
    return waiting.number


def _import(owner: Member) -> int:
    rows = BytesIO(b"Email,First name\nann@example.com,Ann\n")
    return imports.begin(file_name="people.csv", upload=rows, member_id=owner.id, now=clock.now())


def _contact(owner: Member | None) -> int:
    contact = contacts.create_contact(full_name=f"Anna {uuid4()}", now=clock.now())
    if owner is not None:
        contacts.hold([contacts.Held(contact, contact, owner.id)], source_kind="record", now=clock.now())
    return contact


def _fact(owner: Member | None) -> int:
    facts = [NewFact("quote.requested", clock.now(), contact_id=_contact(owner))]
    return ledger.append(facts, now=clock.now())[0] or 0


def _discount(owner: Member | None) -> int:
    fact, by = _fact(owner), owner or somebody_else()
    while ledger.place():
        pass
    contact = ledger_queries.contacts_of([fact])[fact]
    (said,) = ledger.discount(
        interaction_ids=[fact], contact_id=contact, why=NotUseful.OLD, member_id=by.id, now=clock.now()
    )
    return said


def _email(owner: Member | None) -> int:
    address = f"anna-{uuid4()}@example.com"
    return contacts.add_email(contact_id=_contact(owner), address=address, now=clock.now(), actor_id=None)


def _phone(owner: Member | None) -> int:
    return contacts.add_phone(
        contact_id=_contact(owner), number="+43 1 588580", now=clock.now(), actor_id=None
    )


def _external_id(owner: Member | None) -> int:
    return contacts.add_external_id(
        contact_id=_contact(owner), source="crm", value=str(uuid4()), now=clock.now(), actor_id=None
    )


def _merge(owner: Member | None) -> int:
    return contacts.merge(
        survivor_id=_contact(owner), loser_id=_contact(owner), now=clock.now(), actor_id=None
    )


def _doubt(owner: Member | None) -> int:
    for _ in range(2):
        _phone(owner)
    return Doubt.objects.latest("id").id


def _field(owner: Member) -> int:
    return contacts.declare_custom_field(
        entity=Entity.CONTACT,
        name="pet",
        label="Pet",
        type=FieldType.TEXT,
        now=clock.now(),
        actor_id=owner.id,
    )


def _territory(owner: Member) -> int:
    hours = Hours(frozenset(range(5)), 540, 1020)
    fields = TerritoryFields("North", "Europe/Oslo", hours, "NO")
    return actions.add_territory(fields=fields, actor_id=owner.id, now=clock.now())


def _api_token(owner: Member) -> int:
    fields = TokenFields("Web forms", owner.id, frozenset({Scope.CONTACTS_READ}))
    return api.add_token(fields=fields, actor_id=owner.id, now=clock.now()).id


def _absence(owner: Member) -> int:
    day = clock.now().date()
    return actions.add_absence(member_id=owner.id, first=day, last=day, actor_id=owner.id, now=clock.now())


def _lead(owner: Member | None) -> int:
    contact, force, now = _contact(owner), agreement.in_force(), clock.now()
    version_id = (force or agreements.in_force()).id
    lead = Lead.objects.create(
        contact_id=contact,
        state="offered" if owner else "waiting",
        version_id=version_id,
        total=0,
        lines=[0],
        met=[True, False],
        score=0,
        cause_id=-contact,
        ripe_at=now,
        stale_at=now,
        member=owner,
    )
    if owner is not None:
        Offer.objects.create(lead=lead, member=owner, version_id=version_id, made_at=now, why="turn")
    return lead.id


def _task(owner: Member) -> int:
    begins = clock.now() + timedelta(days=1)
    return tasks.plan_step(
        what=What.MEETING,
        member_id=owner.id,
        made_by=owner.id,
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        contact_id=_contact(owner),
        now=clock.now(),
    )


def _program(_owner: Member) -> int:
    return programs.live(sweeps=False).id


def _enrolment(owner: Member) -> int:
    program, contact = programs.live(sweeps=False), _contact(owner)
    sam = programs.marketer()
    nurture.let_in(program_id=program.id, contact_id=contact, actor_id=sam.id, now=clock.now())
    return programs.enrolment_of(contact).id


def _aside(owner: Member) -> int:
    now = clock.now()
    return tasks.put_aside(
        contact_id=_contact(owner),
        member_id=owner.id,
        until=now.date() + timedelta(days=3),
        why="away",
        now=now,
    )


def _log(owner: Member) -> int:
    return tasks.log(
        happened=Happened.REACHED,
        contact_id=_contact(owner),
        member_id=owner.id,
        key=uuid4(),
        now=clock.now(),
    ).id


def _note(owner: Member) -> int:
    return tasks.write_note(
        words="Knows the plant.",
        contact_id=_contact(owner),
        member_id=owner.id,
        among=[owner],
        key=uuid4(),
        now=clock.now(),
    )


def _file(owner: Member) -> int:
    return contacts.keep_files(
        files=[NewFile("card.png", BytesIO(b"\x89PNG\r\n\x1a\n"))],
        contact_id=_contact(owner),
        actor_id=owner.id,
        now=clock.now(),
    ).kept[0]


def _notice(owner: Member) -> int:
    tasks.notify(
        member_ids=[owner.id],
        kind="task.due",
        subject=("task", _task(owner)),
        key=str(uuid4()),
        now=clock.now(),
    )
    return task_queries.notices(owner.id).rows[0].id


def _opportunity(owner: Member) -> int:
    return opportunities.open_by_hand(
        contact_id=_contact(owner), member_id=owner.id, fields=Fields("Two lines"), now=clock.now()
    )


def _week() -> Week:
    return weekly_queries.last_whole(clock.now().date())


def _meeting_note(owner: Member) -> int:
    return weekly.write_note(
        week=_week(), words="They want samples", member_id=owner.id, key=uuid4(), now=clock.now()
    )


def _decision(owner: Member) -> int:
    return weekly.decide(
        week=_week(),
        words="Send samples",
        member_id=owner.id,
        owner_id=owner.id,
        due_on=clock.now().date() + timedelta(days=3),
        key=uuid4(),
        now=clock.now(),
    )


def _view(owner: Member) -> int:
    return actions.keep_view(
        member_id=owner.id,
        list_name="contacts",
        name="Mine",
        state={"show": "mine"},
        is_shared=False,
        starts=False,
        now=clock.now(),
    )


# A room whose addresses take a new argument adds its line here; `owner` is the member the record shall belong to.
RECORDS: dict[str, Callable[[Any], object]] = {
    "account_id": _account,
    "view_id": _view,
    "list_name": lambda _owner: "contacts",
    "report_name": lambda _owner: "funnel",
    "ending": lambda _owner: "csv",
    "site_id": _site,
    "account_external_id": lambda owner: contact_queries.account(_account(owner)).external_ids[0].id,
    "campaign_id": _campaign,
    "cost_id": _cost,
    "member_id": lambda owner: owner.id,
    "team_id": lambda owner: actions.add_team(name="North", actor_id=owner.id, now=clock.now()),
    "territory_id": _territory,
    "absence_id": _absence,
    "invitation_id": _invitation,
    "session_id": _session,
    "token": _token,
    "token_id": _api_token,
    "stuck_id": _stuck,
    "import_id": _import,
    "contact_id": _contact,
    "fact_id": _fact,
    "discount_id": _discount,
    "part": lambda _owner: "decider",
    "place": lambda _owner: 0,
    "lead_id": _lead,
    "opportunity_id": _opportunity,
    "email_id": _email,
    "phone_id": _phone,
    "external_id": _external_id,
    "merge_id": _merge,
    "doubt_id": _doubt,
    "field_id": _field,
    "program_id": _program,
    "enrolment_id": _enrolment,
    "segment_id": lambda _owner: segments.saved(f"Visitors {uuid4()}", segments.VISITED),
    "task_id": _task,
    "log_id": _log,
    "aside_id": _aside,
    "note_id": _note,
    "file_id": _file,
    "notice_id": _notice,
    "week": lambda _owner: _week(),
    "meeting_note_id": _meeting_note,
    "decision_id": _decision,
    "number": _agreement,
    "uidb36": lambda owner: int_to_base36(owner.id),
    "key": lambda owner: PasswordResetTokenGenerator().make_token(owner),
}


def somebody_else(team_id: int | None = None) -> Member:
    """Return the colleague that other people's records belong to."""
    return member(Role.MANAGER, name="Other One", team_id=team_id)
