"""Who somebody is: the living contact that an id or an address means, and whom we may not write to."""

from collections.abc import Iterable

from orchard.contacts.actions.claims import suppression_hash
from orchard.contacts.models import Contact, ContactEmail, ExternalId, SuppressedAddress
from orchard.contacts.rules import normal_email
from orchard.interactions import queries as ledger


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
