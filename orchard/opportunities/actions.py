"""How sales come, change and end: out of a lead in one transaction, or by hand; won, lost, taken back, handed over."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from orchard.contacts import actions as contact_actions
from orchard.contacts import queries as contacts
from orchard.interactions import actions as ledger
from orchard.interactions import queries as ledger_queries
from orchard.interactions.types import NewFact
from orchard.journal import actions as journal
from orchard.kit.errors import NotAllowed, Refused, refuse_unseen
from orchard.kit.money import Money
from orchard.kit.words import Phrase
from orchard.leads import actions as leads
from orchard.leads import queries as lead_queries
from orchard.opportunities.models import Opportunity, Party
from orchard.opportunities.tables import GIVEN, JOINED
from orchard.opportunities.types import (
    NAME_LENGTH,
    NOTE_LENGTH,
    Fields,
    Lost,
    Over,
    State,
    UnknownOpportunity,
)
from orchard.tasks import actions as tasks
from orchard.team import queries as team
from orchard.team.types import MANAGING

HOLD = "opportunity"
"""As what a sale holds its contacts."""

_TELLS_THE_AMOUNT = ("opportunity.won", "opportunity.changed")

_ENDS = ("opportunity.won", "opportunity.lost")


@transaction.atomic
def convert(*, lead_id: int, member_id: int, fields: Fields, now: datetime) -> int:
    """Make a sale of an accepted lead of the member; who joined the lead comes along. Return its id."""
    leads.convert(lead_id=lead_id, member_id=member_id, now=now)
    contact_id, account_id = lead_queries.contact_of(lead_id), lead_queries.account_of(lead_id)
    made = _open(
        Opportunity(contact_id=contact_id, account_id=account_id, lead_id=lead_id), member_id, fields, now
    )
    _take_along(made, lead_id, now)
    tasks.move_subject(was=("lead", lead_id), to=("opportunity", made.id), by=member_id, now=now)
    return made.id


@transaction.atomic
def join(*, lead_id: int, opportunity_id: int, member_id: int, now: datetime) -> None:
    """Let an accepted lead of the member become part of an open sale at the same account, whosever that is."""
    sale = _locked(opportunity_id)
    _refuse_over(sale)
    account_id = lead_queries.account_of(lead_id)
    if account_id is None or account_id != sale.account_id:
        raise Refused("A lead joins an opportunity of its own account. Choose one of those listed.").at("to")
    leads.convert(lead_id=lead_id, member_id=member_id, now=now)
    contact_id = lead_queries.contact_of(lead_id)
    Party.objects.update_or_create(
        opportunity=sale, contact_id=contact_id, defaults={"lead_id": lead_id, "joined_at": now}
    )
    _take_along(sale, lead_id, now)
    _tell("opportunity.joined", sale, now, contact_id=contact_id, member_id=member_id)
    tasks.move_subject(was=("lead", lead_id), to=("opportunity", sale.id), by=member_id, now=now)
    if sale.member_id != member_id:
        tasks.notify(
            member_ids=[sale.member_id],
            kind=JOINED,
            subject=("opportunity", sale.id),
            contact_id=contact_id,
            key=f"{JOINED}:{sale.id}:{lead_id}",
            now=now,
        )


@transaction.atomic
def open_by_hand(*, contact_id: int, member_id: int, fields: Fields, now: datetime) -> int:
    """Open a sale with a contact who is no lead at the moment; return its id."""
    page = contacts.contact(contact_id)
    if lead_queries.open_lead_of(page.contact.id) is not None:
        raise Refused("This contact is an open lead. Make the opportunity of the lead, so that both agree.")
    sale = Opportunity(contact_id=page.contact.id, account_id=page.contact.account_id)
    return _open(sale, member_id, fields, now).id


@transaction.atomic
def change(
    *, opportunity_id: int, member_id: int, fields: Fields, seen: datetime | None, now: datetime
) -> None:
    """Say otherwise what an open sale is called, may be worth, and by when it may be decided."""
    sale = _locked(opportunity_id)
    refuse_unseen("opportunity", stands=sale.updated_at, seen=seen)
    _refuse_over(sale)
    _refuse_others(sale, member_id)
    was = {
        "name": sale.name,
        "amount": sale.amount,
        "currency": sale.currency,
        "by": sale.expected_on and sale.expected_on.isoformat(),
    }
    _set(sale, fields)
    sale.updated_at = now
    sale.save()
    _tell("opportunity.changed", sale, now, contact_id=sale.contact_id, member_id=member_id)
    journal.record(
        actor_id=member_id,
        action="opportunity.changed",
        subject=("opportunity", sale.id),
        details={"was": was},
        now=now,
    )


@transaction.atomic
def win(*, opportunity_id: int, member_id: int, amount: Money, on: date, zone: str, now: datetime) -> None:
    """Close a sale as won for an amount, on a day by the clock of `zone` that is not ahead."""
    sale = _locked(opportunity_id)
    _refuse_over(sale)
    _refuse_others(sale, member_id)
    if amount.minor <= 0:
        raise Refused("A sale is won for more than nothing. Give the amount.").at("amount")
    sale.state, sale.amount, sale.currency = State.WON, amount.minor, amount.currency
    _close(sale, "opportunity.won", member_id=member_id, at=_moment(on, zone, sale, now), now=now)


@transaction.atomic
def lose(*, opportunity_id: int, member_id: int, reason: str, note: str, now: datetime) -> None:
    """Close a sale as lost for a reason; what is said about it is kept beside the ledger."""
    sale = _locked(opportunity_id)
    _refuse_over(sale)
    _refuse_others(sale, member_id)
    if reason not in set(Lost):
        raise Refused("Choose why it was lost.").at("reason")
    if len(note) > NOTE_LENGTH:
        raise Refused("Write at most {at_most} characters.", at_most=NOTE_LENGTH).at("note")
    sale.state, sale.lost_to = State.LOST, reason
    fact = _close(sale, "opportunity.lost", member_id=member_id, at=now, now=now)
    ledger.keep_words([(fact, sale.contact_id, note.strip())])


@transaction.atomic
def take_back(*, opportunity_id: int, member_id: int, now: datetime) -> None:
    """Let a sale that was closed by mistake be open again: the fact that told so is withdrawn."""
    sale = _locked(opportunity_id)
    if sale.state == State.OPEN or sale.closed_fact_id is None:
        raise Over("This opportunity is open already. Nothing was changed.")
    _refuse_others(sale, member_id)
    facts = ledger_queries.all_about("opportunity", [sale.id], kinds=_ENDS).get(sale.id, [])
    ledger.withdraw(interaction_ids=facts, now=now, member_id=member_id)
    for lead_id in _leads_of(sale):
        member = sale.member_id if lead_id == sale.lead_id else None
        leads.sale_goes_on(lead_id=lead_id, member_id=member, now=now)
    _hold(sale, now)
    was, sale.state = sale.state, State.OPEN
    sale.closed_at = sale.closed_fact_id = None
    sale.lost_to, sale.updated_at = "", now
    sale.save()
    journal.record(
        actor_id=member_id,
        action="opportunity.taken_back",
        subject=("opportunity", sale.id),
        details={"was": was},
        now=now,
    )


@transaction.atomic
def hand_over_desk(
    *,
    from_id: int,
    lead_ids: Mapping[int, int],
    sale_ids: Mapping[int, int],
    rest_to: int | None,
    actor_id: int,
    now: datetime,
) -> int:
    """Give leads and sales of one member to others, and the steps that are left to `rest_to`; return how many moved."""
    moved = hand_over(from_id=from_id, opportunities=sale_ids, actor_id=actor_id, now=now)
    moved += leads.hand_over(from_id=from_id, leads=lead_ids, actor_id=actor_id, now=now)
    if rest_to is not None:
        moved += tasks.reassign(of=from_id, to=rest_to, by=actor_id, now=now)
    return moved


@transaction.atomic
def hand_over(*, from_id: int, opportunities: Mapping[int, int], actor_id: int, now: datetime) -> int:
    """Give open sales of one member to others, as `opportunities` says (its id: member id); return how many moved."""
    for each in sorted(set(opportunities.values())):
        if not team.member(each).is_active:
            raise Refused(
                "{name} is switched off and cannot have opportunities.", name=team.member(each).name
            )
    held = Opportunity.objects.select_for_update().filter(
        id__in=list(opportunities), member=from_id, state=State.OPEN
    )
    moved = 0
    for sale in held.order_by("id"):
        if opportunities[sale.id] == from_id:
            continue
        sale.member_id, sale.updated_at = opportunities[sale.id], now
        sale.save()
        _hold(sale, now)
        if sale.lead_id is not None:
            leads.sale_passes_on(lead_id=sale.lead_id, member_id=sale.member_id, now=now)
        moved += 1
        _tell("opportunity.reassigned", sale, now, contact_id=sale.contact_id, member_id=sale.member_id)
        tasks.reassign(
            of=from_id, to=sale.member_id, by=actor_id, now=now, subjects=[("opportunity", sale.id)]
        )
        tasks.notify(
            member_ids=[sale.member_id],
            kind=GIVEN,
            subject=("opportunity", sale.id),
            contact_id=sale.contact_id,
            key=f"{GIVEN}:{sale.id}:{now.isoformat()}",
            now=now,
        )
        journal.record(
            actor_id=actor_id,
            action="opportunity.handed_over",
            subject=("opportunity", sale.id),
            details={"from": from_id, "to": sale.member_id},
            now=now,
        )
    return moved


def _take_along(sale: Opportunity, lead_id: int, now: datetime) -> None:
    """Let those who joined a lead be part of its sale, and hold everybody of it."""
    for colleague in lead_queries.colleagues_of(lead_id):
        Party.objects.get_or_create(
            opportunity=sale, contact_id=colleague, defaults={"joined_at": now, "lead_id": lead_id}
        )
    _hold(sale, now)


def _hold(sale: Opportunity, now: datetime) -> None:
    people = Party.objects.filter(opportunity=sale).values_list("contact", flat=True)
    holds = (contact_actions.Held(each, sale.id, sale.member_id) for each in people)
    contact_actions.hold(holds, source_kind=HOLD, now=now)


def _open(sale: Opportunity, member_id: int, fields: Fields, now: datetime) -> Opportunity:
    sale.member_id, sale.state = member_id, State.OPEN
    sale.opened_at = sale.updated_at = now
    _set(sale, fields)
    sale.save()
    Party.objects.create(opportunity=sale, contact_id=sale.contact_id, lead_id=sale.lead_id, joined_at=now)
    _hold(sale, now)
    _tell("opportunity.opened", sale, now, contact_id=sale.contact_id, member_id=member_id)
    journal.record(actor_id=member_id, action="opportunity.opened", subject=("opportunity", sale.id), now=now)
    return sale


def _set(sale: Opportunity, fields: Fields) -> None:
    name = " ".join(fields.name.split())
    if not name:
        raise Refused("Give the opportunity a name, such as what it is about.").at("name")
    if len(name) > NAME_LENGTH:
        raise Refused("A name has at most {at_most} characters.", at_most=NAME_LENGTH).at("name")
    sale.name, sale.expected_on = name, fields.expected_on
    sale.amount = fields.amount.minor if fields.amount else None
    sale.currency = fields.amount.currency if fields.amount else ""


def _close(sale: Opportunity, kind: str, *, member_id: int, at: datetime, now: datetime) -> int:
    """Close a sale at `at`, tell of everybody who opened or joined it, and return the fact about who opened it.

    That one carries the amount, so that it counts once.
    """
    sale.closed_at, sale.updated_at = at, now
    fact = _tell(kind, sale, at, contact_id=sale.contact_id, member_id=member_id, now=now)
    joined = Party.objects.filter(opportunity=sale, lead__isnull=False).exclude(contact=sale.contact_id)
    joined = joined.exclude(lead=sale.lead_id) if sale.lead_id else joined
    for contact_id in joined.order_by("id").values_list("contact_id", flat=True):
        _tell(kind, sale, at, contact_id=contact_id, member_id=member_id, now=now)
    sale.closed_fact_id = fact
    sale.save()
    contact_actions.lift([sale.id], source_kind=HOLD, now=now)
    for lead_id in _leads_of(sale):
        leads.end_sale(lead_id=lead_id, now=now)
    tasks.drop_steps(subjects=[("opportunity", sale.id)], by=member_id, now=now)
    journal.record(actor_id=member_id, action=kind, subject=("opportunity", sale.id), now=now)
    return fact


def _tell(
    kind: str,
    sale: Opportunity,
    at: datetime,
    *,
    contact_id: int,
    member_id: int,
    now: datetime | None = None,
) -> int:
    counts = kind in _TELLS_THE_AMOUNT and contact_id == sale.contact_id
    facts = ledger.append(
        [
            NewFact(
                kind,
                at,
                contact_id=contact_id,
                account_id=sale.account_id,
                subject=("opportunity", sale.id),
                member_id=member_id,
                amount=sale.amount if counts else None,
                currency=sale.currency if counts else "",
            )
        ],
        now=now or at,
    )
    return next(fact for fact in facts if fact is not None)


def _moment(on: date, zone: str, sale: Opportunity, now: datetime) -> datetime:
    """Return when on a day a sale was closed: now for today, else at noon by the clock of `zone`."""
    local = now.astimezone(ZoneInfo(zone))
    if on == local.date():
        return now
    at = datetime.combine(on, time(12), ZoneInfo(zone))
    if at > now:
        raise Refused("The day on which it was won lies ahead. Choose today or a day before.").at("on")
    if on < sale.opened_at.astimezone(ZoneInfo(zone)).date():
        raise Refused("It was won before it was opened. Look at the day.").at("on")
    return max(at, sale.opened_at)


def _leads_of(sale: Opportunity) -> list[int]:
    """Return the hand-offs that became part of a sale, the first one first."""
    rows = Party.objects.filter(opportunity=sale, lead__isnull=False).order_by("id")
    found = [sale.lead_id, *rows.values_list("lead", flat=True)]
    return list(dict.fromkeys(each for each in found if each is not None))


def _locked(opportunity_id: int) -> Opportunity:
    found = Opportunity.objects.select_for_update().filter(id=opportunity_id).first()
    if found is None:
        raise UnknownOpportunity("There is no such opportunity.")
    return found


def _refuse_others(sale: Opportunity, member_id: int) -> None:
    """Let nobody close or change what a colleague has but managers who see that."""
    if sale.member_id == member_id:
        return
    if team.member(member_id).role not in MANAGING or not team.reach().covers(sale.member_id):
        raise NotAllowed("This opportunity is in a colleague's hands. A manager can give it to you.")


def _refuse_over(sale: Opportunity) -> None:
    if sale.state != State.OPEN:
        raise Over("This opportunity was {state} meanwhile. Nothing was changed.", state=Phrase(sale.state))
