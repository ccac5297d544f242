"""Notes about contacts and accounts, whose they are, and by which words members are named in them."""

from collections.abc import Collection, Mapping

from orchard.interactions import queries as ledger
from orchard.tasks import rules
from orchard.tasks.models import Note
from orchard.tasks.types import Named, NoteShown, UnknownNote
from orchard.team import queries as team


def note(note_id: int) -> NoteShown:
    """Return a note, removed or not; raises `UnknownNote`."""
    row = Note.objects.filter(id=note_id).first()
    if row is None:
        raise UnknownNote("This note is not there any more.")
    contact = None if row.contact_id is None else ledger.living([row.contact_id])[row.contact_id]
    return NoteShown(
        row.pk,
        row.member_id,
        contact,
        row.account_id,
        row.fact_id,
        ledger.words_of([row.fact_id]).get(row.fact_id, ""),
        frozenset(row.mentions.values_list("member_id", flat=True)),
        row.written_at,
        row.changed_at,
        row.removed_at,
    )


def is_note_of(member_id: int, note_id: int) -> bool:
    """Tell whether a member wrote this note."""
    return Note.objects.filter(id=note_id, member=member_id).exists()


def contacts_of_notes(note_ids: Collection[int]) -> list[int]:
    """Return whom these notes are about, as far as that is a contact."""
    rows = Note.objects.filter(id__in=note_ids, contact_id__isnull=False)
    return [contact for contact in rows.values_list("contact_id", flat=True) if contact is not None]


def authors_of(note_ids: Collection[int]) -> dict[int, str]:
    """Return who wrote these notes, by name."""
    members = dict(Note.objects.filter(id__in=note_ids).values_list("id", "member_id"))
    names = team.names(list(set(members.values())))
    return {each: names.get(member, "") for each, member in members.items()}


def handles(members: Collection[Named]) -> Mapping[int, str]:
    """Return by which words each of these members is named behind an @."""
    return rules.handles([(each.pk, each.name, each.email) for each in members])
