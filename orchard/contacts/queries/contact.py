"""One contact with everything for its page, and what a merge with another would do."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchard.contacts.actions.merge import field_values
from orchard.contacts.models import (
    Consent,
    Contact,
    ContactEmail,
    ContactPhone,
    ExternalId,
    FieldHistory,
    Merge,
)
from orchard.contacts.rules import merging
from orchard.contacts.types import Change, Entity, Gone, MergePreview
from orchard.interactions import queries as ledger


@dataclass(frozen=True, slots=True)
class ContactPage:
    """A living contact, with what belongs to it and to the records merged into it."""

    contact: Contact
    ids: Sequence[int]
    """Every id that means this contact, its own first."""
    emails: Sequence[ContactEmail]
    phones: Sequence[ContactPhone]
    external_ids: Sequence[ExternalId]
    profiles: Sequence[str]
    consents: Sequence[Consent]
    """The word that holds for each purpose."""
    merges: Sequence[Merge]
    """Merges into this contact that may be undone, the newest first."""


def contact(contact_id: int) -> ContactPage:
    """Return the living contact that `contact_id` means; raises `Gone` where it was erased or never was."""
    living = ledger.living([contact_id])[contact_id]
    ids = sorted(ledger.all_ids([living]), key=lambda each: (each != living, each))
    records = {
        record.id: record
        for record in Contact.objects.select_related("account", "owner").filter(
            id__in=ids, erased_at__isnull=True
        )
    }
    if living not in records:
        raise Gone("There is no such contact, or it was erased.")
    return ContactPage(
        contact=records[living],
        ids=ids,
        emails=list(ContactEmail.objects.filter(contact__in=ids).order_by("-is_primary", "id")),
        phones=list(ContactPhone.objects.filter(contact__in=ids).order_by("id")),
        external_ids=list(ExternalId.objects.filter(contact__in=ids).order_by("source", "value")),
        profiles=[
            records[each].linkedin_slug or ""
            for each in ids
            if each in records and records[each].linkedin_slug
        ],
        consents=list(
            Consent.objects.filter(contact__in=ids).order_by("purpose", "-at", "-id").distinct("purpose")
        ),
        merges=list(
            Merge.objects.select_related("loser", "member")
            .filter(survivor=living, undone_at__isnull=True)
            .order_by("-at", "-id")
        ),
    )


def owner_of_email(email_id: int) -> int:
    """Return the living contact whose address this is; raises `Gone`."""
    return _owner(ContactEmail.objects.filter(id=email_id).values_list("contact_id", flat=True).first())


def owner_of_phone(phone_id: int) -> int:
    """Return the living contact whose number this is; raises `Gone`."""
    return _owner(ContactPhone.objects.filter(id=phone_id).values_list("contact_id", flat=True).first())


def _owner(contact_id: int | None) -> int:
    if contact_id is None:
        raise Gone("This is not there any more. Open the contact anew.")
    return ledger.living([contact_id])[contact_id]


def history(entity: Entity, record_id: int, *, limit: int = 100) -> list[FieldHistory]:
    """Return the values that fields of a record had before, the last replaced first."""
    return list(FieldHistory.objects.filter(entity=entity, entity_id=record_id).order_by("-id")[:limit])


def merge_preview(*, survivor_id: int, loser_id: int) -> MergePreview:
    """Return what the survivor would get from the loser, and where they disagree; nothing is changed."""
    survivor, loser = (contact(each).contact for each in (survivor_id, loser_id))
    mine, theirs = field_values(survivor), field_values(loser)
    return MergePreview(
        survivor.id,
        loser.id,
        filled=merging.fills(mine, theirs),
        conflicts=[
            Change(name, before=ours, after=other)
            for name, (ours, other) in merging.conflicts(mine, theirs).items()
        ],
    )
