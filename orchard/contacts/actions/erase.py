"""How a person is erased: by a map of every table that holds something of people, declared room by room.

Each room lists its tables as `PERSONAL` in its `tables.py`. This room speaks for itself and the rooms below; the
wiring hands it the lists of the rooms above with `install_data_map` when the process starts, as plain data, so that
nothing here knows them. The statements run from the top of the house to its floor, in one transaction. What stays
is a tombstone (the id, with no word about the person), the facts (which never held any), and a keyed hash of each
address, so that it is neither written to nor imported again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from orchard.contacts.actions.change import living_contact
from orchard.contacts.actions.claims import suppression_hash
from orchard.contacts.actions.erasure_list import note_erased
from orchard.contacts.models import Contact, ContactEmail, ContactPhone, SuppressedAddress
from orchard.contacts.rules import normal_email
from orchard.contacts.tables import PERSONAL
from orchard.contacts.types import PersonalTable
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.types import NewFact
from orchard.journal import actions as journal
from orchard.kit.ids import as_array
from orchard.tasks import actions as tasks

# An erasure waits for whoever is about to write of many people, and they for it.
_LOCK = 0x0E4A

_above: list[PersonalTable] = []


def install_data_map(tables: Iterable[PersonalTable]) -> None:
    """Take in what the rooms above declare, the topmost room first; called once, when the application starts."""
    _above[:] = tables


def data_map() -> tuple[PersonalTable, ...]:
    """Return what an erasure does, in the order in which it is done."""
    return (*_above, *reversed(PERSONAL))


@transaction.atomic
def erase_contact(*, contact_id: int, now: datetime, actor_id: int | None, is_listed: bool = False) -> int:
    """Erase a person, under every id that was merged into theirs; return the number of rows erased or emptied.

    The ids go to the list of erasures outside of the database, unless they come from it (`is_listed`).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    contact = living_contact(contact_id)
    ids = sorted(facts.all_ids([contact.id]))
    erased = Contact.objects.select_for_update().filter(id__in=ids)
    left = {account for account in erased.values_list("account_id", flat=True) if account}
    addresses = list(ContactEmail.objects.filter(contact__in=ids).values_list("normal", flat=True))
    phones = ContactPhone.objects.filter(contact__in=ids, normal__isnull=False)
    tasks.drop_of_contacts(contact_ids=ids, by=actor_id, now=now)
    touched = _erase(
        {"contact_ids": ids, "addresses": addresses, "phones": list(phones.values_list("normal", flat=True))}
    )
    Contact.objects.filter(id__in=ids).update(erased_at=now, updated_at=now)
    _suppress(addresses, SuppressedAddress.Reason.ERASED, now)
    ledger.append([NewFact("contact.erased", now, contact_id=contact.id, member_id=actor_id)], now=now)
    ledger.tell("account.changed", [(None, account) for account in sorted(left)], now=now)
    journal.record(
        actor_id=actor_id,
        action="contact.erased",
        subject=("contact", contact.id),
        details={"rows": touched},
        now=now,
    )
    if not is_listed:
        note_erased(contact_ids=ids, at=now)
    return touched


def hold_erasures() -> None:
    """Let nobody be erased until the caller's transaction ends: it is about to write of many people."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])


def gone(contact_ids: Iterable[int]) -> set[int]:
    """Return who of these was erased or is not there any more, and hold erasures until the transaction ends."""
    hold_erasures()
    asked = set(contact_ids)
    there = "FROM contact WHERE id = ANY (%s::bigint[]) AND erased_at IS NULL"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {there}", [as_array(asked)])
        if cursor.fetchall() == [(len(asked),)]:
            return set()
        cursor.execute(f"SELECT id {there}", [as_array(asked)])
        return asked - {identity for (identity,) in cursor.fetchall()}


@transaction.atomic
def suppress(*, address: str, reason: str, now: datetime) -> None:
    """Note that an address gets nothing from us (`unsubscribed`, `bounced`, `complained`)."""
    if normal := normal_email(address):
        _suppress([normal], SuppressedAddress.Reason(reason), now)


def _erase(person: dict[str, Any]) -> int:
    touched = 0
    with connection.cursor() as cursor:
        for entry in data_map():
            if not entry.rows:
                continue
            if entry.blank:
                changes = ", ".join(f"{column} = {value}" for column, value in entry.blank.items())
                statement = f"UPDATE {entry.table} SET {changes} WHERE {entry.rows}"  # noqa: S608 - declared in code
            else:
                statement = f"DELETE FROM {entry.table} WHERE {entry.rows}"  # noqa: S608 - declared in code
            cursor.execute(statement, person)
            touched += cursor.rowcount
    return touched


def _suppress(addresses: Sequence[str], reason: str, now: datetime) -> None:
    """Remember hashes of `addresses`. An erasure outweighs every other reason and is never outweighed."""
    rows = [SuppressedAddress(hash=suppression_hash(address), reason=reason, at=now) for address in addresses]
    if reason == SuppressedAddress.Reason.ERASED:
        SuppressedAddress.objects.bulk_create(
            rows, update_conflicts=True, update_fields=["reason", "at"], unique_fields=["hash"]
        )
    else:
        SuppressedAddress.objects.bulk_create(rows, ignore_conflicts=True)
