"""Who somebody is: the living contact that an id or an address means, and whom we may not write to."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from orchard.contacts.actions.claims import suppression_hash
from orchard.contacts.models import Contact, ContactEmail, ExternalId, SuppressedAddress
from orchard.contacts.rules import normal_email
from orchard.interactions import queries as ledger

Sign = int | str | tuple[str, str]
"""What somebody is known by: an id of ours, an e-mail address, or (system, id there)."""


class Known(NamedTuple):
    """A living contact, and the account it belongs to now."""

    contact_id: int
    account_id: int | None


def known_by(signs: Iterable[Sign]) -> dict[Sign, Known]:
    """Return the living contact that each sign means; one that means nobody is absent. Made for a thousand at once."""
    asked = set(signs)
    owners: dict[Sign, int] = {each: each for each in asked if isinstance(each, int)}
    owners |= _by_address([each for each in asked if isinstance(each, str)])
    owners |= _by_external_id([each for each in asked if isinstance(each, tuple)])
    living = living_ids(owners.values())
    there = Contact.objects.filter(id__in=set(living.values()), erased_at__isnull=True)
    accounts = dict(there.values_list("id", "account_id"))
    return {
        sign: Known(living[owner], accounts[living[owner]])
        for sign, owner in owners.items()
        if living[owner] in accounts
    }


def _by_address(addresses: Iterable[str]) -> dict[Sign, int]:
    normal = {each: key for each in addresses if (key := normal_email(each))}
    found = dict(
        ContactEmail.objects.filter(normal__in=set(normal.values())).values_list("normal", "contact_id")
    )
    return {each: found[key] for each, key in normal.items() if key in found}


def _by_external_id(ids: Iterable[tuple[str, str]]) -> dict[Sign, int]:
    values: dict[str, set[str]] = defaultdict(set)
    for source, value in ids:
        values[source].add(value)
    return {
        (source, value): contact_id
        for source, mine in values.items()
        for value, contact_id in ExternalId.objects.filter(source=source, value__in=mine).values_list(
            "value", "contact_id"
        )
    }


def living_ids(contact_ids: Iterable[int]) -> dict[int, int]:
    """Return for each id the living contact it means; itself where it was never merged."""
    return ledger.living(contact_ids)


def living_id(contact_id: int) -> int:
    """Return the living contact that this id means."""
    return living_ids([contact_id])[contact_id]


def find_by_email(address: str) -> int | None:
    """Return the living contact whose address this is, in any spelling, or None."""
    owner = (
        ContactEmail.objects.filter(normal=normal_email(address)).values_list("contact_id", flat=True).first()
    )
    return living_id(owner) if owner is not None else None


def ids_in(source: str) -> dict[str, int]:
    """Return the contact that each id of another system means."""
    return dict(ExternalId.objects.filter(source=source).values_list("value", "contact_id"))


def gone(contact_ids: Iterable[int]) -> set[int]:
    """Return which of these ids are no record any more, not even one that was joined with another or erased."""
    ids = set(contact_ids)
    return ids.difference(Contact.objects.filter(id__in=ids).values_list("id", flat=True))


def suppressed(addresses: Iterable[str]) -> dict[str, str]:
    """Return those of the addresses that get nothing from us, with the reason."""
    hashes = {suppression_hash(normal): given for given in addresses if (normal := normal_email(given))}
    found = SuppressedAddress.objects.filter(hash__in=list(hashes)).values_list("hash", "reason")
    return {hashes[each]: reason for each, reason in found}
