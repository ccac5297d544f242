"""How a contact is made and changed by hand: its fields, addresses, phones and ids."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any

from django.db import IntegrityError, transaction

from orchard.contacts.actions.change import checked, living_contact, refuse_unknown, with_keys, write_changes
from orchard.contacts.actions.doubt import note_doubts
from orchard.contacts.models import Contact, ContactEmail, ContactPhone, ExternalId
from orchard.contacts.rules import linkedin_slug, normal_email, normal_phone, visible
from orchard.contacts.types import Clash, Entity, Gone, Invalid
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.types import Lane, NewFact
from orchard.journal import actions as journal
from orchard.kit.errors import refuse_unseen
from orchard.kit.words import Phrase, marked


@transaction.atomic
def create_contact(
    *,
    now: datetime,
    actor_id: int | None = None,
    emails: Sequence[str] = (),
    phones: Sequence[str] = (),
    ids: Sequence[tuple[str, str]] = (),
    lane: Lane = Lane.LIVE,
    **values: Any,
) -> int:
    """Make a contact and return its id; `values` are fields as in `CONTACT_FIELDS`, `account_id` and `owner_id`.

    Raises `Clash` where an address, id or profile belongs to somebody already, and `Invalid` for a wrong value.
    """
    given = _own(values.pop("custom", {}) or {})
    fields = with_keys(Entity.CONTACT, checked(Entity.CONTACT, {**_profiled(values), **given}))
    if not (fields.get("full_name") or emails or ids or fields.get("linkedin_slug")):
        raise Invalid("Give a name, an e-mail address or an id: nobody could find this contact again.")
    custom = {name.removeprefix("custom."): fields.pop(name) for name in given if fields[name] is not None}
    for name in given:
        fields.pop(name, None)
    _refuse_taken_profile(fields.get("linkedin_slug"))
    refuse_unknown(fields)
    contact = Contact.objects.create(**fields, custom=custom, created_at=now, updated_at=now)
    for place, address in enumerate(emails):
        _add_email(contact, address, is_primary=not place, now=now)
    for number in phones:
        _add_phone(contact, number, "", now=now)
    for source, value in ids:
        _add_id(contact, source, value, now=now)
    _tell("contact.created", contact, actor_id, {"fields": sorted(values)}, now=now, lane=lane)
    note_doubts([contact.id], now=now)
    return contact.id


@transaction.atomic
def change_contact(
    *,
    contact_id: int,
    values: Mapping[str, Any],
    now: datetime,
    actor_id: int | None,
    seen: datetime | None = None,
) -> list[str]:
    """Set fields (`title`, `account_id`, `owner_id`, `custom.NAME` ...; None empties) and return those that changed.

    Raises `Outdated` where the contact was changed after `seen`, the `updated_at` that the member saw.
    """
    contact = living_contact(contact_id)
    refuse_unseen("contact", stands=contact.updated_at, seen=seen)
    left, fields = contact.account_id, checked(Entity.CONTACT, _profiled(values))
    if fields.get("linkedin_slug") not in {None, contact.linkedin_slug}:
        _refuse_taken_profile(fields["linkedin_slug"])
    refuse_unknown(fields)
    changed = write_changes(contact, fields, now=now, member_id=actor_id)
    if changed:
        _tell("contact.changed", contact, actor_id, {"fields": changed}, now=now)
        if {"full_name", "account_id"} & set(changed):
            note_doubts([contact.id], now=now)
    if "account_id" in changed and left:
        ledger.tell("account.changed", [(None, left)], now=now)
    return changed


def move_to_account(
    *, contact_id: int, account_id: int | None, now: datetime, actor_id: int | None
) -> list[str]:
    """Let a contact belong to another account, or to none."""
    return change_contact(
        contact_id=contact_id, values={"account_id": account_id}, now=now, actor_id=actor_id
    )


@transaction.atomic
def add_email(*, contact_id: int, address: str, now: datetime, actor_id: int | None) -> int:
    """Give a contact one more address and return its id; the first one is the primary."""
    contact = living_contact(contact_id)
    first = not ContactEmail.objects.filter(contact=contact).exists()
    email = _add_email(contact, address, is_primary=first, now=now)
    _tell("contact.changed", contact, actor_id, {"added": "email"}, now=now)
    return email.id


@transaction.atomic
def make_primary(*, email_id: int, now: datetime, actor_id: int | None) -> None:
    """Let this address be the one that mail goes to."""
    email = _one(ContactEmail, email_id, marked("address"))
    contact = living_contact(email.contact_id)
    ContactEmail.objects.filter(contact__in=list(facts.all_ids([contact.id]))).update(is_primary=False)
    ContactEmail.objects.filter(id=email_id).update(is_primary=True)
    _tell("contact.changed", contact, actor_id, {"primary": "email"}, now=now)


@transaction.atomic
def remove_email(*, email_id: int, now: datetime, actor_id: int | None) -> None:
    """Take an address away; another one becomes the primary."""
    email = _one(ContactEmail, email_id, marked("address"))
    contact = living_contact(email.contact_id)
    ContactEmail.objects.filter(id=email.id).delete()
    others = ContactEmail.objects.filter(contact=email.contact_id).order_by("-is_primary", "id")
    if (heir := others.first()) and not heir.is_primary:
        ContactEmail.objects.filter(id=heir.id).update(is_primary=True)
    _tell("contact.changed", contact, actor_id, {"removed": "email"}, now=now)


@transaction.atomic
def add_phone(*, contact_id: int, number: str, now: datetime, actor_id: int | None, label: str = "") -> int:
    """Give a contact one more phone number and return its id; a number others have goes to the review list."""
    contact = living_contact(contact_id)
    phone = _add_phone(contact, number, label, now=now)
    _tell("contact.changed", contact, actor_id, {"added": "phone"}, now=now)
    note_doubts([contact.id], now=now)
    return phone.id


@transaction.atomic
def remove_phone(*, phone_id: int, now: datetime, actor_id: int | None) -> None:
    """Take a phone number away."""
    phone = _one(ContactPhone, phone_id, marked("number"))
    contact = living_contact(phone.contact_id)
    ContactPhone.objects.filter(id=phone.id).delete()
    _tell("contact.changed", contact, actor_id, {"removed": "phone"}, now=now)


@transaction.atomic
def add_external_id(*, contact_id: int, source: str, value: str, now: datetime, actor_id: int | None) -> int:
    """Note what a contact is called in another system, and return the id of the note."""
    contact = living_contact(contact_id)
    noted = _add_id(contact, source, value, now=now)
    _tell("contact.changed", contact, actor_id, {"added": "external id", "source": source}, now=now)
    return noted.id


@transaction.atomic
def remove_external_id(*, external_id: int, now: datetime, actor_id: int | None) -> None:
    """Take an id in another system away."""
    noted = _one(ExternalId, external_id, marked("id"))
    contact = living_contact(noted.contact_id)
    ExternalId.objects.filter(id=noted.id).delete()
    _tell("contact.changed", contact, actor_id, {"removed": "external id", "source": noted.source}, now=now)


def _add_email(contact: Contact, address: str, *, is_primary: bool, now: datetime) -> ContactEmail:
    normal = normal_email(address)
    if normal is None:
        raise Invalid("“{address}” is no e-mail address. Check it for a typing error.", address=address).at(
            "address"
        )
    with _first_come(
        Phrase(
            "The address {normal} belongs to another contact. Open that contact, or merge the two.",
            normal=normal,
        ),
        "address",
    ):
        return ContactEmail.objects.create(
            contact=contact,
            address=visible(address).strip(),
            normal=normal,
            is_primary=is_primary,
            created_at=now,
        )


def _add_phone(contact: Contact, number: str, label: str, *, now: datetime) -> ContactPhone:
    written = visible(number).strip()
    if not any(sign.isdigit() for sign in written):
        raise Invalid("“{number}” is no phone number.", number=number).at("number")
    with _first_come(marked("The contact has this phone number already."), "number"):
        return ContactPhone.objects.create(
            contact=contact,
            number=written,
            normal=normal_phone(written, _region(contact.country)),
            label=label,
            created_at=now,
        )


def _add_id(contact: Contact, source: str, value: str, *, now: datetime) -> ExternalId:
    if not source.strip() or not value.strip():
        raise Invalid("An id in another system needs the system's name and the id.")
    with _first_come(
        Phrase(
            "The {source} id “{value}” belongs to another contact. Open that one, or merge the two.",
            source=source,
            value=value,
        ),
        "value",
    ):
        return ExternalId.objects.create(
            contact=contact, source=source.strip(), value=value.strip(), created_at=now
        )


class _first_come(transaction.Atomic):  # noqa: N801 - reads as a statement
    """A savepoint in which a key taken by somebody else becomes a clear sentence."""

    def __init__(self, sentence: str, about: str = "") -> None:
        super().__init__(using=None, savepoint=True, durable=False)
        self.sentence, self.about = sentence, about

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        if isinstance(error, IntegrityError):
            raise Clash(self.sentence).at(self.about) from error


def _one(model: type[Any], identity: int, what: str) -> Any:
    found = model.objects.select_for_update().filter(id=identity).first()
    if found is None:
        raise Gone("This {what} is not there any more.", what=Phrase(what))
    return found


def _profiled(values: Mapping[str, Any]) -> dict[str, Any]:
    if not values.get("linkedin_slug"):
        return dict(values)
    slug = linkedin_slug(values["linkedin_slug"])
    if slug is None:
        raise Invalid(
            "“{linkedin_slug}” is no LinkedIn profile. Paste its web address.",
            linkedin_slug=values["linkedin_slug"],
        ).at("linkedin_slug")
    return {**values, "linkedin_slug": slug}


def _refuse_taken_profile(slug: str | None) -> None:
    if slug and Contact.objects.filter(linkedin_slug=slug).exists():
        raise Clash(
            "The LinkedIn profile {slug} belongs to another contact. Open that one, or merge the two.",
            slug=slug,
        ).at("linkedin_slug")


def _own(custom: Mapping[str, Any]) -> dict[str, Any]:
    return {f"custom.{name}": value for name, value in custom.items()}


def _region(country: str | None) -> str | None:
    return country if country and len(country) == len("AT") else None


def _tell(
    kind: str,
    contact: Contact,
    actor_id: int | None,
    details: Mapping[str, Any],
    *,
    now: datetime,
    lane: Lane = Lane.LIVE,
) -> None:
    ledger.append(
        [NewFact(kind, now, contact_id=contact.id, account_id=contact.account_id, member_id=actor_id)],
        now=now,
        lane=lane,
    )
    journal.record(actor_id=actor_id, action=kind, subject=("contact", contact.id), details=details, now=now)
