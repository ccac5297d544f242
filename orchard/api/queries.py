"""Who calls, which tokens there are, and the facts of a contact in the order in which they can be followed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import F

from orchard.api import rules
from orchard.api.models import ApiToken
from orchard.api.types import Caller, FactShown, NotKnown, Scope, State, UnknownToken
from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.content import queries as content
from orchard.interactions import queries as ledger
from orchard.kit import ids, paging
from orchard.leads import queries as leads
from orchard.leads.types import UnknownLead
from orchard.team import queries as team
from orchard.team.types import Role

_WORKS_NOT = {
    State.WITHDRAWN: "This token was withdrawn. Let an admin make a new one.",
    State.EXPIRED: "This token has expired. Let an admin make a new one.",
    State.MEMBER_OFF: "The member for whom this token acts is switched off.",
}


class TokenShown(NamedTuple):
    """A token as its list shows it: whether it works, and what its member's role leaves of its scopes."""

    token: ApiToken
    state: State
    scopes: Sequence[Scope]


def secret_hash(secret: str) -> str:
    """Return what is kept of a token's secret."""
    return str(ids.keyed_hash(secret, key=settings.SECRET_KEY.encode(), purpose="api token"))


def caller(written: str, *, now: datetime) -> tuple[Caller, datetime | None]:
    """Return who calls with a token, and when it was used last; raises `NotKnown` where it does not work."""
    parts = rules.token_of(written)
    token = ApiToken.objects.select_related("member").filter(prefix=parts[0]).first() if parts else None
    if parts is None or token is None or not ids.same(str(token.secret_hash), secret_hash(parts[1])):
        raise NotKnown("This token is not known. Copy it again, or let an admin make a new one.")
    if (state := _state(token, now)) is not State.WORKS:
        raise NotKnown(_WORKS_NOT[state])
    found = Caller(
        token_id=token.id,
        token=token.name,
        prefix=token.prefix,
        member_id=token.member_id,
        member=token.member.name,
        role=token.member.role,
        reach=team.reach_of(token.member),
        scopes=_scopes(token),
        expires_at=token.expires_at,
    )
    return found, token.last_used_at


def tokens(*, now: datetime) -> list[TokenShown]:
    """Return all tokens with their members: those that were not withdrawn first, the newest on top."""
    rows = ApiToken.objects.select_related("member", "created_by")
    return [
        TokenShown(row, _state(row, now), sorted(_scopes(row)))
        for row in rows.order_by(F("withdrawn_at").desc(nulls_first=True), "-created_at", "-id")
    ]


def token_names(token_ids: Iterable[int]) -> dict[int, str]:
    """Return what these tokens are called, also of those withdrawn."""
    return dict(ApiToken.objects.filter(id__in=set(token_ids)).values_list("id", "name"))


def token(token_id: int) -> ApiToken:
    """Return one token with its member; raises `UnknownToken`."""
    found = ApiToken.objects.select_related("member").filter(id=token_id).first()
    if found is None:
        raise UnknownToken("There is no such token.")
    return found


def token_by_prefix(prefix: str) -> ApiToken:
    """Return the token that begins so; raises `UnknownToken`."""
    found = ApiToken.objects.filter(prefix=prefix.removeprefix("orchard_")[:8]).first()
    if found is None:
        raise UnknownToken(
            "There is no token that begins with {prefix}. See `orchard token list`.", prefix=prefix
        )
    return found


def _scopes(token: ApiToken) -> frozenset[Scope]:
    return rules.reach(frozenset(map(Scope, token.scopes)), Role(token.member.role))


def _state(token: ApiToken, now: datetime) -> State:
    return rules.state(
        withdrawn_at=token.withdrawn_at,
        expires_at=token.expires_at,
        member_active=token.member.is_active,
        now=now,
    )


def refuse_hidden(lead_id: int) -> None:
    """Refuse a lead that the caller may not see: it is as if there were none."""
    if not leads.is_seen(lead_id):
        raise UnknownLead("There is no such lead.")


def facts_of_contact(contact_id: int, *, cursor: str = "", size: int = 100) -> paging.Page[FactShown]:
    """Return one page of the facts of a contact by their place, the first first; raises `Gone`."""
    living = contacts.contact(contact_id).contact.id
    page = ledger.facts_in_order([living], cursor=cursor, size=size)
    facts = page.rows
    words = ledger.words_of(fact.id for fact in facts)
    campaign = campaigns.names(fact.campaign_id for fact in facts if fact.campaign_id)
    title = content.titles(fact.content_id for fact in facts if fact.content_id)
    member = team.names([fact.member_id for fact in facts if fact.member_id])
    shown = [
        FactShown(
            fact,
            campaign=campaign.get(fact.campaign_id or 0, ""),
            content=title.get(fact.content_id or 0, ""),
            member=member.get(fact.member_id or 0, ""),
            words=words.get(fact.id, ""),
        )
        for fact in facts
    ]
    return paging.Page(shown, page.next, page.previous)
