"""How a company is made and changed by hand: its fields, sites, ids and its place in a group."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from orchard.contacts.actions.change import checked, living_account, with_keys, write_changes
from orchard.contacts.models import Account, AccountExternalId, AccountSite, Contact, FieldHistory
from orchard.contacts.rules import visible
from orchard.contacts.types import Clash, Entity, Gone, Invalid
from orchard.interactions import actions as ledger
from orchard.interactions.types import Lane, NewFact
from orchard.journal import actions as journal
from orchard.kit.errors import refuse_unseen

_ABOVE = """
WITH RECURSIVE above (id) AS (
    SELECT %s::bigint
    UNION SELECT a.parent_id FROM account a JOIN above ON a.id = above.id WHERE a.parent_id IS NOT NULL
)
SELECT EXISTS (SELECT FROM above WHERE id = %s)
"""


@transaction.atomic
def create_account(
    *,
    now: datetime,
    actor_id: int | None = None,
    ids: Sequence[tuple[str, str]] = (),
    lane: Lane = Lane.LIVE,
    **values: Any,
) -> int:
    """Make an account and return its id; `values` are fields as in `ACCOUNT_FIELDS`, `parent_id` and `owner_id`.

    Two companies may have the same name; an id in another system has one owner. Raises `Clash` and `Invalid`.
    """
    given = {f"custom.{name}": value for name, value in (values.pop("custom", None) or {}).items()}
    fields = with_keys(Entity.ACCOUNT, checked(Entity.ACCOUNT, {**values, **given}))
    if not fields.get("name"):
        raise Invalid("Give the company's name.").at("name")
    own = {name.removeprefix("custom."): fields.pop(name) for name in given}
    account = Account.objects.create(
        **fields,
        custom={name: value for name, value in own.items() if value is not None},
        created_at=now,
        updated_at=now,
    )
    for source, value in ids:
        _add_id(account, source, value, now)
    _tell("account.created", account, actor_id, {"fields": sorted(values)}, now=now, lane=lane)
    return account.id


@transaction.atomic
def change_account(
    *,
    account_id: int,
    values: Mapping[str, Any],
    now: datetime,
    actor_id: int | None,
    seen: datetime | None = None,
) -> list[str]:
    """Set fields (`name`, `parent_id`, `owner_id`, `custom.NAME` ...; None empties) and return those that changed.

    Raises `Invalid` where the new parent belongs to the account itself, and `Outdated` where it was changed after
    `seen`, the `updated_at` that the member saw.
    """
    account = living_account(account_id)
    refuse_unseen("company", stands=account.updated_at, seen=seen)
    fields = checked(Entity.ACCOUNT, values)
    if "name" in fields and not fields["name"]:
        raise Invalid("A company needs a name.").at("name")
    if fields.get("parent_id"):
        _refuse_cycle(account, fields["parent_id"])
    changed = write_changes(account, fields, now=now, member_id=actor_id)
    if changed:
        _tell("account.changed", account, actor_id, {"fields": changed}, now=now)
    return changed


@transaction.atomic
def add_site(*, account_id: int, name: str, now: datetime, actor_id: int | None, **address: str) -> int:
    """Note one more place where an account works (`street`, `postal_code`, `city`, `country`); return its id."""
    account = living_account(account_id)
    unknown = set(address) - {"street", "postal_code", "city", "country"}
    name, address = visible(name).strip(), {part: visible(text).strip() for part, text in address.items()}
    if unknown or not name:
        raise Invalid("A site has a name, a street, a postal code, a city and a country.")
    try:
        with transaction.atomic():
            site = AccountSite.objects.create(account=account, name=name, created_at=now, **address)
    except IntegrityError as error:
        raise Clash("The account has a site “{name}” already.", name=name).at("name") from error
    _tell("account.changed", account, actor_id, {"added": "site"}, now=now)
    return site.id


@transaction.atomic
def remove_site(*, site_id: int, now: datetime, actor_id: int | None) -> None:
    """Take a site away."""
    site = AccountSite.objects.filter(id=site_id).first()
    if site is None:
        raise Gone("This site is not there any more.")
    account = living_account(site.account_id)
    site.delete()
    _tell("account.changed", account, actor_id, {"removed": "site"}, now=now)


@transaction.atomic
def add_account_id(*, account_id: int, source: str, value: str, now: datetime, actor_id: int | None) -> int:
    """Note what an account is called in another system, and return the id of the note."""
    account = living_account(account_id)
    noted = _add_id(account, source, value, now)
    _tell("account.changed", account, actor_id, {"added": "external id", "source": source}, now=now)
    return noted.id


@transaction.atomic
def remove_account_id(*, external_id: int, now: datetime, actor_id: int | None) -> None:
    """Forget what an account is called in another system."""
    noted = AccountExternalId.objects.filter(id=external_id).first()
    if noted is None:
        raise Gone("This id is not there any more.")
    account = living_account(noted.account_id)
    noted.delete()
    _tell("account.changed", account, actor_id, {"removed": "external id", "source": noted.source}, now=now)


@transaction.atomic
def remove_account(*, account_id: int, now: datetime, actor_id: int | None) -> str:
    """Remove a company that nobody belongs to, with its sites, ids and files, and return its name.

    What the ledger holds of it stays. Raises `Clash` while contacts or other companies belong to it.
    """
    account = living_account(account_id)
    # The stronger lock holds back whoever would let a contact belong to it in the same moment.
    Account.objects.select_for_update().get(id=account_id)
    people = Contact.objects.filter(account=account).count()
    if people:
        if people == 1:
            raise Clash(
                "1 contact belongs to this company, those joined with others included. Let them belong to "
                "another one first."
            )
        raise Clash(
            "{people} contacts belong to this company, those joined with others included. Let them belong to "
            "another one first.",
            people=people,
        )
    if Account.objects.filter(parent=account).exists():
        raise Clash("Other companies belong to this one. Let them belong to another one first.")
    FieldHistory.objects.filter(entity=Entity.ACCOUNT, entity_id=account.id).delete()
    _tell("account.removed", account, actor_id, {}, now=now)
    account.delete()
    return account.name


def _refuse_cycle(account: Account, parent_id: int) -> None:
    living_account(parent_id)
    with connection.cursor() as cursor:
        # Two moves at once could close a circle that neither sees.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('account.parent'))")
        cursor.execute(_ABOVE, [parent_id, account.id])
        if cursor.fetchone()[0]:
            raise Invalid("That company belongs to this one already: it cannot be its parent.").at(
                "parent_id"
            )


def _add_id(account: Account, source: str, value: str, now: datetime) -> AccountExternalId:
    if not source.strip() or not value.strip():
        raise Invalid("An id in another system needs the system's name and the id.")
    try:
        with transaction.atomic():
            return AccountExternalId.objects.create(
                account=account, source=source.strip(), value=value.strip(), created_at=now
            )
    except IntegrityError as error:
        raise Clash("The {source} id “{value}” belongs to another account.", source=source, value=value).at(
            "value"
        ) from error


def _tell(
    action: str,
    account: Account,
    actor_id: int | None,
    details: Mapping[str, Any],
    *,
    now: datetime,
    lane: Lane = Lane.LIVE,
) -> None:
    ledger.append(
        [NewFact("account.changed", now, account_id=account.id, member_id=actor_id)], now=now, lane=lane
    )
    journal.record(
        actor_id=actor_id, action=action, subject=("account", account.id), details=details, now=now
    )
