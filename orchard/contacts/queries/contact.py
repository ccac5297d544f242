"""One contact with everything for its page, and what a merge with another would do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.db import connection

from orchard.contacts.actions.merge import field_values
from orchard.contacts.models import (
    Consent,
    Contact,
    ContactEmail,
    ContactPhone,
    ExternalId,
    FieldHistory,
)
from orchard.contacts.queries.seen import refuse_hidden
from orchard.contacts.rules import merging
from orchard.contacts.types import BuyingRole, Change, Entity, Gone, Invalid, MergePreview
from orchard.interactions import queries as ledger
from orchard.kit.ids import as_array

_BELONGINGS = """
SELECT 'email', id, contact_id, created_at, address, normal, '', is_primary, verified_at, bounced_at
  FROM contact_email WHERE contact_id = ANY (%(ids)s::bigint[])
 UNION ALL
SELECT 'phone', id, contact_id, created_at, number, normal, label, FALSE, NULL, NULL
  FROM contact_phone WHERE contact_id = ANY (%(ids)s::bigint[])
 UNION ALL
SELECT 'id', id, contact_id, created_at, source, value, '', FALSE, NULL, NULL
  FROM contact_external_id WHERE contact_id = ANY (%(ids)s::bigint[])
 UNION ALL
SELECT 'hold', id, contact_id, since, source_kind, source_id::text, '', FALSE, NULL, NULL
  FROM contact_hold WHERE contact_id = ANY (%(ids)s::bigint[]) AND lifted_at IS NULL
 UNION ALL
SELECT 'role', id, contact_id, set_at, role, account_id::text, '', FALSE, NULL, NULL
  FROM account_role WHERE contact_id = ANY (%(ids)s::bigint[])
 UNION ALL
SELECT 'merge', m.id, m.survivor_id, m.at, coalesce(c.full_name, ''), '', coalesce(by.name, ''), FALSE, NULL, NULL
  FROM contact_merge m JOIN contact c ON c.id = m.loser_id LEFT JOIN member by ON by.id = m.member_id
 WHERE m.survivor_id = %(living)s AND m.undone_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """The word that holds for one purpose, and what was said before, the newest first."""

    word: Consent
    earlier: Sequence[Consent]


@dataclass(frozen=True, slots=True)
class MergedIn:
    """Another record that was merged into a contact: what it was called, when, and by whom."""

    id: int
    at: datetime
    loser: str
    member: str


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
    consents: Sequence[Standing]
    """What holds for each purpose."""
    holds: Sequence[tuple[str, int]]
    """What keeps mail from the contact: kind and id of each."""
    role: BuyingRole | None
    """Its part when the account where it is now buys."""
    merges: Sequence[MergedIn]
    """Merges into this contact that may be undone, the newest first."""


def contact(contact_id: int) -> ContactPage:
    """Return the living contact that `contact_id` means.

    Raises `Gone` where it was erased or never was, and `Hidden` where one may not see it.
    """
    living, ids = ledger.ids_of(contact_id)
    refuse_hidden([living])
    records = {
        record.id: record
        for record in Contact.objects.select_related("account__owner", "owner").filter(
            id__in=ids, erased_at__isnull=True
        )
    }
    if living not in records:
        raise Gone("There is no such contact, or it was erased.")
    mine = _belongings(ids)
    account = records[living].account_id
    return ContactPage(
        contact=records[living],
        ids=ids,
        emails=sorted(mine.emails, key=lambda each: (not each.is_primary, each.id)),
        phones=sorted(mine.phones, key=lambda each: each.id),
        external_ids=sorted(mine.external_ids, key=lambda each: (each.source, each.value)),
        profiles=[
            records[each].linkedin_slug or ""
            for each in ids
            if each in records and records[each].linkedin_slug
        ],
        consents=_consents(ids),
        holds=[source for _, source in sorted(mine.holds)],
        role=next((mine.roles[each, account] for each in ids if (each, account) in mine.roles), None),
        merges=sorted(mine.merges, key=lambda each: (each.at, each.id), reverse=True),
    )


@dataclass(slots=True)
class _Belongings:
    """What belongs to the ids of one contact, in no order; holds with their own id, parts by contact and account."""

    emails: list[ContactEmail] = field(default_factory=list)
    phones: list[ContactPhone] = field(default_factory=list)
    external_ids: list[ExternalId] = field(default_factory=list)
    holds: list[tuple[int, tuple[str, int]]] = field(default_factory=list)
    roles: dict[tuple[int, int | None], BuyingRole] = field(default_factory=dict)
    merges: list[MergedIn] = field(default_factory=list)


def _belongings(ids: Sequence[int]) -> _Belongings:
    """Return addresses, numbers, ids in other systems, holds, parts in a purchase and merges, asked for at once."""
    found = _Belongings()
    with connection.cursor() as cursor:
        cursor.execute(_BELONGINGS, {"ids": as_array(ids), "living": ids[0]})
        for sort, own, contact, at, one, other, label, *marks in cursor.fetchall():
            common = {"id": own, "contact_id": contact, "created_at": at}
            match sort:
                case "email":
                    given = dict(zip(("is_primary", "verified_at", "bounced_at"), marks, strict=True))
                    found.emails.append(ContactEmail(**common, address=one, normal=other, **given))
                case "phone":
                    found.phones.append(ContactPhone(**common, number=one, normal=other, label=label))
                case "id":
                    found.external_ids.append(ExternalId(**common, source=one, value=other))
                case "hold":
                    found.holds.append((own, (one, int(other))))
                case "role":
                    found.roles[contact, int(other)] = BuyingRole(one)
                case "merge":
                    loser = str(Contact(full_name=one or None))
                    found.merges.append(MergedIn(own, at, loser, label))
    return found


def email(email_id: int) -> tuple[int, str]:
    """Return the living contact whose address this is, and the address; raises `Gone`."""
    return _whose(ContactEmail.objects.filter(id=email_id).values_list("contact_id", "address").first())


def phone(phone_id: int) -> tuple[int, str]:
    """Return the living contact whose number this is, and the number; raises `Gone`."""
    return _whose(ContactPhone.objects.filter(id=phone_id).values_list("contact_id", "number").first())


def external_id(external_id: int) -> tuple[int, str]:
    """Return the living contact whose id in another system this is, with system and id; raises `Gone`."""
    found = ExternalId.objects.filter(id=external_id).values_list("contact_id", "source", "value").first()
    return _whose((found[0], f"{found[1]} {found[2]}") if found else None)


def _whose(found: tuple[int, str] | None) -> tuple[int, str]:
    if found is None:
        raise Gone("This is not there any more. Open the contact anew.")
    contact_id, what = found
    return ledger.living([contact_id])[contact_id], what


def _consents(ids: Sequence[int]) -> list[Standing]:
    words = Consent.objects.select_related("member").filter(contact__in=ids).order_by("purpose", "-at", "-id")
    said = [list(each) for _, each in groupby(words, key=lambda word: word.purpose)]
    return [Standing(newest, earlier) for newest, *earlier in said]


def history(entity: Entity, record_id: int, *, limit: int = 100) -> list[FieldHistory]:
    """Return the values that fields of a record had before, the last replaced first."""
    return list(FieldHistory.objects.filter(entity=entity, entity_id=record_id).order_by("-id")[:limit])


def history_count(entity: Entity, record_id: int) -> int:
    """Return how many values the fields of a record had before."""
    return FieldHistory.objects.filter(entity=entity, entity_id=record_id).count()


def merge_preview(*, survivor_id: int, loser_id: int) -> MergePreview:
    """Return what the survivor would get from the loser, and where they disagree; nothing is changed."""
    survivor, loser = (contact(each).contact for each in (survivor_id, loser_id))
    if survivor.id == loser.id:
        raise Invalid("These two are one contact already.")
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
