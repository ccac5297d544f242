"""Everything that writes campaigns, their cost, and who came by which."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from orchard.campaigns.models import Campaign, Cost
from orchard.campaigns.types import CodeTaken, Status, UnknownCampaign, WrongCampaign
from orchard.contacts.types import name_key, visible
from orchard.journal import actions as journal
from orchard.kit.errors import refuse_unseen
from orchard.kit.words import Phrase

_FIELDS = frozenset(
    [
        "parent_id",
        "name",
        "code",
        "type",
        "channel",
        "starts_on",
        "ends_on",
        "planned_cost",
        "actual_cost",
        "currency",
        "status",
        "owner_id",
    ]
)
_LENGTHS = {"name": 200, "code": 80, "type": 40, "channel": 40}
_CODE_LIMIT = _LENGTHS["code"]
_CURRENCY = re.compile("[A-Z]{3}")

_ABOVE = """
WITH RECURSIVE above (id) AS (
    SELECT %s::bigint
    UNION SELECT c.parent_id FROM campaign c JOIN above ON c.id = above.id WHERE c.parent_id IS NOT NULL
)
SELECT EXISTS (SELECT FROM above WHERE id = %s)
"""

# Sources are told in the order given: the first that a contact without any gets is its first for good.
_ADD_SOURCES = """
WITH given AS (
    SELECT DISTINCT ON (contact_id, campaign_id, at) contact_id, campaign_id, at, place
      FROM unnest(%(contacts)s::bigint[], %(campaigns)s::bigint[], %(times)s::timestamptz[])
           WITH ORDINALITY g (contact_id, campaign_id, at, place)
     ORDER BY contact_id, campaign_id, at, place
), ranked AS (
    SELECT g.*, row_number() OVER (PARTITION BY contact_id ORDER BY at, place) = 1 AND NOT EXISTS (
               SELECT FROM contact_source s WHERE s.contact_id = g.contact_id AND s.is_first) AS is_first
      FROM given g
)
INSERT INTO contact_source (contact_id, campaign_id, at, is_first, import_id)
SELECT contact_id, campaign_id, at, is_first, %(import_id)s FROM ranked ORDER BY place
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def create_campaign(
    *, name: str, now: datetime, actor_id: int | None = None, code: str = "", **fields: Any
) -> int:
    """Make a campaign and return its id. Without a code, the name makes one. Raises `CodeTaken`, `WrongCampaign`."""
    values = _checked({"name": name, "code": code.strip() or code_of(name), **fields})
    try:
        with transaction.atomic():
            campaign = Campaign.objects.create(**values, created_at=now, updated_at=now)
    except IntegrityError as error:
        raise CodeTaken(
            "Another campaign has the code “{code}”. Choose another one.", code=values["code"]
        ).at("code") from error
    _record(actor_id, "campaign.created", campaign.id, {"name": campaign.name}, now)
    return campaign.id


@transaction.atomic
def change_campaign(
    *,
    campaign_id: int,
    values: Mapping[str, Any],
    now: datetime,
    actor_id: int | None,
    seen: datetime | None = None,
) -> list[str]:
    """Set fields of a campaign and return the names of those that changed; a parent below itself is refused.

    Raises `Outdated` where it was changed after `seen`, the `updated_at` that the member saw.
    """
    campaign = _locked(campaign_id)
    refuse_unseen("campaign", stands=campaign.updated_at, seen=seen)
    checked = _checked(values, before=campaign)
    if campaign.actual_cost and checked.get("currency", campaign.currency) != campaign.currency:
        raise WrongCampaign(
            "The cost of this campaign is kept in {currency} and stays so; take its costs back first.",
            currency=campaign.currency,
        ).at("currency")
    if checked.get("parent_id"):
        _refuse_cycle(campaign_id, checked["parent_id"])
    before = {
        name: getattr(campaign, name) for name, value in checked.items() if getattr(campaign, name) != value
    }
    if not before:
        return []
    try:
        with transaction.atomic():
            Campaign.objects.filter(id=campaign_id).update(
                **{name: checked[name] for name in before}, updated_at=now
            )
    except IntegrityError as error:
        raise CodeTaken(
            "Another campaign has the code “{code}”. Choose another one.", code=checked.get("code")
        ).at("code") from error
    details = {name: [_plain(old), _plain(checked[name])] for name, old in before.items()}
    _record(actor_id, "campaign.changed", campaign_id, details, now)
    return list(before)


@transaction.atomic
def add_cost(
    *,
    campaign_id: int,
    amount: int,
    currency: str,
    what: str,
    on: date,
    now: datetime,
    actor_id: int | None,
) -> int:
    """Book an amount (minor units, negative for a refund) on a campaign, add it to its actual cost, return its id."""
    campaign = _locked(campaign_id)
    if not what.strip() or not amount:
        raise WrongCampaign("A cost needs an amount and a word on what was paid for.")
    if not _CURRENCY.fullmatch(currency):
        raise WrongCampaign("Give the currency as three capital letters, like EUR.").at("currency")
    if campaign.currency not in {"", currency}:
        raise WrongCampaign(
            "The cost of this campaign is kept in {currency}; convert the amount first.",
            currency=campaign.currency,
        ).at("currency")
    cost = Cost.objects.create(
        campaign=campaign, amount=amount, what=what.strip(), on=on, member_id=actor_id, created_at=now
    )
    Campaign.objects.filter(id=campaign_id).update(
        actual_cost=(campaign.actual_cost or 0) + amount, currency=currency, updated_at=now
    )
    _record(
        actor_id,
        "campaign.cost_added",
        campaign_id,
        {"amount": amount, "currency": currency, "what": what},
        now,
    )
    return cost.id


@transaction.atomic
def remove_cost(*, cost_id: int, now: datetime, actor_id: int | None) -> int:
    """Take back an amount that was booked by mistake, and return the campaign that it was booked on."""
    found = Cost.objects.filter(id=cost_id).values_list("campaign_id", flat=True).first()
    campaign = _locked(found) if found is not None else None
    cost = Cost.objects.select_for_update().filter(id=cost_id).first()
    if campaign is None or cost is None:
        raise UnknownCampaign("This cost was taken back already.")
    cost.delete()
    Campaign.objects.filter(id=campaign.id).update(
        actual_cost=(campaign.actual_cost or 0) - cost.amount, updated_at=now
    )
    details = {"amount": cost.amount, "currency": campaign.currency, "what": cost.what}
    _record(actor_id, "campaign.cost_removed", campaign.id, details, now)
    return campaign.id


@transaction.atomic
def ensure_campaigns(names: Iterable[str], *, now: datetime) -> dict[str, int]:
    """Return the campaign of each name or code, making those that nobody knows; blank names are left out."""
    codes = {name: code_of(name) for name in dict.fromkeys(names) if name and name.strip()}
    if not codes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO campaign (name, code, type, channel, currency, status, created_at, updated_at)
            SELECT DISTINCT ON (c) left(n, 200), c, '', '', '', %(status)s, %(now)s, %(now)s
              FROM unnest(%(names)s::text[], %(codes)s::text[]) given (n, c)
             WHERE NOT EXISTS (SELECT FROM campaign k WHERE k.code = c) ORDER BY c
            ON CONFLICT (code) DO NOTHING
            """,
            {
                "status": Status.RUNNING,
                "now": now,
                "names": [name.strip() for name in codes],
                "codes": list(codes.values()),
            },
        )
    ids = dict(Campaign.objects.filter(code__in=set(codes.values())).values_list("code", "id"))
    return {name: ids[code] for name, code in codes.items()}


@transaction.atomic
def add_sources(sources: Sequence[tuple[int, int, datetime]], *, import_id: int | None = None) -> int:
    """Note (contact, campaign, time) for each: the earliest given is a contact's first source, where it has none.

    The same source at the same time is noted once. Returns how many were new.
    """
    if not sources:
        return 0
    contacts, campaigns, times = (list(column) for column in zip(*sources, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD_SOURCES,
            {"contacts": contacts, "campaigns": campaigns, "times": times, "import_id": import_id},
        )
        return int(cursor.rowcount)


def remove_sources(*, import_id: int) -> int:
    """Take back the sources that an import noted; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM contact_source WHERE import_id = %s", [import_id])
        return int(cursor.rowcount)


def code_of(name: str) -> str:
    """Return the code that a name makes: plain lower-case words joined by `_`."""
    return name_key(name).replace(" ", "_")[:_CODE_LIMIT] or name.strip()[:_CODE_LIMIT]


def _checked(values: Mapping[str, Any], before: Campaign | None = None) -> dict[str, Any]:
    unknown = set(values) - _FIELDS
    if unknown:
        raise WrongCampaign("A campaign has no field “{field}”.", field=min(unknown))
    if "status" in values and values["status"] not in set(Status):
        raise WrongCampaign(
            "A campaign is planned, running, done or cancelled, not “{status}”.", status=values["status"]
        )
    if values.get("currency") and not _CURRENCY.fullmatch(values["currency"]):
        raise WrongCampaign("Give the currency as three capital letters, like EUR.").at("currency")
    starts, ends = (values.get(name, getattr(before, name, None)) for name in ("starts_on", "ends_on"))
    if starts and ends and ends < starts:
        raise WrongCampaign("A campaign cannot end before it starts.").at("ends_on")
    costs = any(values.get(name) for name in ("planned_cost", "actual_cost"))
    if costs and not (values.get("currency") or getattr(before, "currency", "")):
        raise WrongCampaign("Give the currency of the cost, like EUR.").at("currency").at("currency")
    if values.get("parent_id") and not Campaign.objects.filter(id=values["parent_id"]).exists():
        raise UnknownCampaign("The campaign that this one should belong to is not there.").at("parent_id")
    texts = {name: visible(values[name]).strip() for name in _LENGTHS if values.get(name)}
    if "name" in values and not texts.get("name"):
        raise WrongCampaign("Give the campaign's name.").at("name")
    for name, text in texts.items():
        if len(text) > _LENGTHS[name]:
            raise WrongCampaign(
                "The {name} has {length} characters; {at_most} fit. Shorten it.",
                name=Phrase(name),
                length=len(text),
                at_most=_LENGTHS[name],
            )
    return {**values, **texts}


def _locked(campaign_id: int) -> Campaign:
    campaign = Campaign.objects.select_for_update(no_key=True).filter(id=campaign_id).first()
    if campaign is None:
        raise UnknownCampaign("There is no such campaign.")
    return campaign


def _refuse_cycle(campaign_id: int, parent_id: int) -> None:
    with connection.cursor() as cursor:
        # Two moves at once could close a circle that neither sees.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('campaign.parent'))")
        cursor.execute(_ABOVE, [parent_id, campaign_id])
        if cursor.fetchone()[0]:
            raise WrongCampaign("That campaign is part of this one already: it cannot hold it.").at(
                "parent_id"
            )


def _record(
    actor_id: int | None, action: str, campaign_id: int, details: Mapping[str, Any], now: datetime
) -> None:
    journal.record(
        actor_id=actor_id, action=action, subject=("campaign", campaign_id), details=details, now=now
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def upsert_campaigns(rows: Sequence[Mapping[str, Any]], *, now: datetime) -> list[str]:
    """Create, update or leave the campaigns that an import's rows tell of; return `created`, `updated` or `unchanged`.

    A row names its campaign by `code`, else by `name`, and its `parent` by either; what it does not say stays.
    """
    codes = [str(row.get("code") or code_of(str(row.get("name", "")))) for row in rows]
    known = set(Campaign.objects.filter(code__in=codes).values_list("code", flat=True))
    names = {code: str(row.get("name") or code) for code, row in zip(codes, rows, strict=True)}
    _create_known_by_code(names, now)
    parents = ensure_campaigns({str(row["parent"]) for row in rows if row.get("parent")}, now=now)
    by_code = {each.code: each for each in Campaign.objects.select_for_update().filter(code__in=codes)}
    outcomes: list[str] = []
    for code, row in zip(codes, rows, strict=True):
        campaign = by_code[code]
        values = {
            _INCOMING[name]: value for name, value in row.items() if name in _INCOMING and value is not None
        }
        if "status" in values:
            values["status"] = _status(str(values["status"]), campaign.status)
        parent = parents.get(str(row.get("parent", "")))
        if parent and parent != campaign.id:
            values["parent_id"] = parent
        changed = {name for name, value in values.items() if getattr(campaign, name) != value}
        for name in changed:
            setattr(campaign, name, values[name])
        outcomes.append("created" if code not in known else "updated" if changed else "unchanged")
        if changed:
            campaign.updated_at = now
        known.add(code)
    Campaign.objects.bulk_update(
        by_code.values(), [*set(_INCOMING.values()), "parent_id", "updated_at"], batch_size=500
    )
    for campaign in by_code.values():
        if campaign.parent_id:
            _refuse_cycle(campaign.id, campaign.parent_id)
    return outcomes


_INCOMING = {
    "name": "name",
    "type": "type",
    "channel": "channel",
    "starts": "starts_on",
    "ends": "ends_on",
    "planned_cost": "planned_cost",
    "actual_cost": "actual_cost",
    "currency": "currency",
    "status": "status",
}


# How other systems call what a campaign is doing.
_STATUSES = {
    "active": Status.RUNNING,
    "in progress": Status.RUNNING,
    "sent": Status.DONE,
    "completed": Status.DONE,
    "complete": Status.DONE,
    "aborted": Status.CANCELLED,
    "canceled": Status.CANCELLED,
    **{status.value: status for status in Status},
}


def _status(text: str, otherwise: str) -> str:
    return _STATUSES.get(text.strip().lower(), Status(otherwise))


def _create_known_by_code(names: Mapping[str, str], now: datetime) -> None:
    Campaign.objects.bulk_create(
        [
            Campaign(name=name[:200], code=code, status=Status.RUNNING, created_at=now, updated_at=now)
            for code, name in names.items()
        ],
        ignore_conflicts=True,
    )
