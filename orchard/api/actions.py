"""How tokens are made and withdrawn, and how other systems state what happened."""

import secrets
import string
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from orchard.api import queries, rules
from orchard.api.models import Answer, ApiToken
from orchard.api.types import (
    KEPT,
    LIVE_FACTS,
    TOKEN_NAME,
    Caller,
    Flaw,
    Flawed,
    Made,
    Stated,
    TokenFields,
    Told,
    UnknownToken,
)
from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.contacts import queries as people
from orchard.contacts.queries import Known
from orchard.contacts.types import Gone, visible
from orchard.content import actions as contents
from orchard.interactions import actions as ledger
from orchard.interactions.types import KINDS, Lane, NewFact, brings
from orchard.journal import actions as journal
from orchard.kit.errors import Refused
from orchard.leads import queries as leads
from orchard.tasks import actions as tasks
from orchard.tasks.types import Happened, Logged, NewStep
from orchard.team import queries as team
from orchard.team.types import Role

_MINUTE = timedelta(minutes=1)
_PREFIX = string.ascii_lowercase + string.digits


@transaction.atomic
def add_token(*, fields: TokenFields, actor_id: int | None, now: datetime) -> Made:
    """Make a token and return it with its secret, which is kept nowhere."""
    name, member = _name(fields.name), team.member(fields.member_id)
    if not member.is_active:
        raise Refused("{name} is switched off; a token acts for somebody who is here.", name=member.name).at(
            "member"
        )
    if not fields.scopes:
        raise Refused("Choose at least one scope: what the token may be used for.").at("scopes")
    if beyond := fields.scopes - rules.reach(fields.scopes, Role(member.role)):
        raise Refused(
            "The role of {name} does not reach {beyond}. Leave it out.",
            name=member.name,
            beyond=[*sorted(beyond)],
        ).at("scopes")
    if fields.expires_at is not None and fields.expires_at <= now:
        raise Refused("The token would have expired already. Give a later day.").at("last_day")
    prefix, secret = "".join(secrets.choice(_PREFIX) for _ in range(8)), secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        name=name,
        member=member,
        scopes=sorted(fields.scopes),
        prefix=prefix,
        secret_hash=queries.secret_hash(secret),
        created_by_id=actor_id,
        created_at=now,
        expires_at=fields.expires_at,
    )
    journal.record(
        actor_id=actor_id,
        action="api_token.added",
        subject=("api_token", made.id),
        details={"name": name, "prefix": prefix, "member": member.id, "scopes": made.scopes},
        now=now,
    )
    return Made(made.id, name, f"orchard_{prefix}_{secret}")


@transaction.atomic
def withdraw_token(*, token_id: int, actor_id: int | None, now: datetime) -> str:
    """Let a token work no more, from this moment on, and return its name."""
    token = ApiToken.objects.select_for_update().filter(id=token_id).first()
    if token is None:
        raise UnknownToken("There is no such token.")
    if token.withdrawn_at is None:
        ApiToken.objects.filter(id=token_id).update(withdrawn_at=now)
        journal.record(
            actor_id=actor_id,
            action="api_token.withdrawn",
            subject=("api_token", token_id),
            details={"name": token.name, "prefix": token.prefix},
            now=now,
        )
    return token.name


def note_use(*, token_id: int, last_used_at: datetime | None, now: datetime) -> None:
    """Note that a token is in use, to the minute: a busy one is not written at every call."""
    minute = now.replace(second=0, microsecond=0)
    if last_used_at is not None and last_used_at > now - _MINUTE:
        return
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=minute)
    ApiToken.objects.filter(unnoted, id=token_id).update(last_used_at=minute)


@transaction.atomic
def state_facts(*, stated: Sequence[Stated], caller: Caller, now: datetime) -> list[Told]:
    """Append what another system states, all of it or nothing, with campaigns, content and words.

    A fact whose key was stated before, by whomever, is left out. Raises `Flawed`, which names every fact that does not
    fit.
    """
    contacts.hold_erasures()
    known = people.known_by(each.sign for each in stated)
    if flaws := [flaw for place, each in enumerate(stated) for flaw in _flaws(place, each, known, now)]:
        raise Flawed(flaws)
    campaign_of = campaigns.ensure_campaigns({_label(each.campaign) for each in stated}, now=now)
    content_of = contents.ensure_contents({_label(each.content) for each in stated}, now=now)
    facts = [
        NewFact(
            each.kind,
            each.occurred_at or now,
            contact_id=known[each.sign].contact_id,
            account_id=known[each.sign].account_id,
            campaign_id=campaign_of.get(_label(each.campaign)),
            content_id=content_of.get(_label(each.content)),
            member_id=caller.member_id if KINDS[each.kind].direction == "out" else None,
            key=f"{each.kind} api {each.key}" if each.key else None,
        )
        for each in stated
    ]
    lane = Lane.LIVE if len(facts) <= LIVE_FACTS else Lane.BULK
    ids = ledger.append(facts, now=now, lane=lane)
    new = [(fact, id_, each) for fact, id_, each in zip(facts, ids, stated, strict=True) if id_ is not None]
    campaigns.add_sources(
        [
            (fact.contact_id, fact.campaign_id, fact.occurred_at)
            for fact, _, _ in new
            if fact.contact_id and fact.campaign_id and brings(fact.kind)
        ]
    )
    ledger.keep_words((id_, fact.contact_id, each.words) for fact, id_, each in new)
    journal.record(
        actor_id=caller.member_id,
        action="facts.stated",
        subject=("api_token", caller.token_id),
        details={"new": len(new), "kinds": Counter(fact.kind for fact, _, _ in new)},
        now=now,
    )
    return [Told(id_, known[each.sign].contact_id) for id_, each in zip(ids, stated, strict=True)]


@transaction.atomic
def log_with_lead(
    *,
    lead_id: int,
    happened: Happened,
    at: datetime | None,
    words: str,
    next_step: NewStep | None,
    caller: Caller,
    now: datetime,
) -> tuple[Logged, int]:
    """Log what happened with the contact of a lead; return it, and the contact."""
    if at is not None and (wrong := rules.wrong_time(at, now=now)):
        raise Flawed([Flaw(wrong, "/at")])
    contact_id = leads.contact_of(lead_id)
    if contacts.gone([contact_id]):
        raise Gone("There is no such contact, or it was erased.")
    people.refuse_hidden([contact_id])
    logged = tasks.log(
        happened=happened,
        contact_id=contact_id,
        account_id=leads.account_of(lead_id),
        member_id=caller.member_id,
        subject=("lead", lead_id),
        at=None if at is None else min(at, now),
        words=words,
        next_step=next_step,
        key=uuid4(),
        now=now,
    )
    return logged, contact_id


def forget_answers(*, now: datetime) -> int:
    """Delete what calls were answered more than a day ago; return how many."""
    deleted, _ = Answer.objects.filter(created_at__lt=now - KEPT).delete()
    return deleted


def _flaws(place: int, each: Stated, known: dict[people.Sign, Known], now: datetime) -> list[Flaw]:
    """Return what keeps a fact from being appended."""
    found = []
    if each.sign not in known:
        found.append(Flaw("Nobody is known by this. Add the contact first.", f"/facts/{place}/contact"))
    if each.occurred_at is not None and (wrong := rules.wrong_time(each.occurred_at, now=now)):
        found.append(Flaw(wrong, f"/facts/{place}/occurred_at"))
    if each.kind not in rules.STATEABLE:
        found.append(Flaw("Facts of this kind follow from what happens in Orchard.", f"/facts/{place}/kind"))
    return found


def _label(text: str) -> str:
    return visible(text).strip()


def _name(text: str) -> str:
    name = " ".join(visible(text).split())
    if not name or not name.isprintable():
        raise Refused("Give the token a name: which system uses it.").at("name")
    if len(name) > TOKEN_NAME:
        raise Refused("A name has at most {at_most} characters.", at_most=TOKEN_NAME).at("name")
    return name
