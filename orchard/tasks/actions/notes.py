"""How a member keeps a note about a contact or an account, changes it, takes it away and brings it back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.types import NewFact
from orchard.journal import actions as journal
from orchard.kit.errors import NotAllowed, Refused
from orchard.tasks import rules
from orchard.tasks.actions.notices import notify
from orchard.tasks.models import Mention, Note, Notice
from orchard.tasks.types import BROUGHT_BACK_WITHIN, Named, NotOpen, UnknownNote

_BATCH = 500


@transaction.atomic
def write_note(
    *,
    words: str,
    member_id: int,
    key: UUID,
    now: datetime,
    among: Collection[Named],
    contact_id: int | None = None,
    account_id: int | None = None,
    at_account: int | None = None,
) -> int:
    """Keep a note about a contact, or about an account, and tell whom of `among` it names; return its id.

    `key` is the form's own: sent again, it writes nothing and answers as before. `at_account` is where the contact is.
    Refuses an empty note and one that is too long.
    """
    text = rules.text_of(words)
    fact = NewFact(
        "note.written",
        now,
        contact_id=contact_id,
        account_id=at_account if account_id is None else account_id,
        member_id=member_id,
        key=f"note:{member_id}:{key}",
    )
    (told,) = ledger.append([fact], now=now)
    if told is None:
        return Note.objects.get(member=member_id, key=key).pk
    ledger.keep_words([(told, contact_id, text)])
    note = Note.objects.create(
        key=key,
        member_id=member_id,
        contact_id=contact_id,
        account_id=account_id,
        fact_id=told,
        written_at=now,
    )
    _mention(note, text, among, now=now)
    return note.pk


@transaction.atomic
def change_note(*, note_id: int, words: str, by: int, now: datetime, among: Collection[Named]) -> None:
    """Let a note of one's own say something else; whoever of `among` is named newly is told."""
    note = _own(note_id, by)
    text = rules.text_of(words)
    ledger.change_words(interaction_id=note.fact_id, text=text)
    Note.objects.filter(id=note_id).update(changed_at=now)
    journal.record(actor_id=by, action="note.changed", now=now, subject=("note", note_id))
    _mention(note, text, among, now=now)


@transaction.atomic
def remove_note(*, note_id: int, by: int, now: datetime) -> None:
    """Take a note of one's own away; its fact is withdrawn, and whoever was told of it is told no more."""
    note = _own(note_id, by)
    ledger.withdraw(interaction_ids=[note.fact_id], now=now, member_id=by)
    Note.objects.filter(id=note_id).update(removed_at=now)
    Notice.objects.filter(subject_kind="note", subject_id=note_id, seen_at__isnull=True).delete()


@transaction.atomic
def restore_note(*, note_id: int, by: int, now: datetime) -> None:
    """Bring back a note that one took away: a fact of its own tells again that it was written then."""
    note = Note.objects.select_for_update().filter(id=note_id).first()
    if note is None:
        raise UnknownNote("This note is gone for good.")
    if note.member_id != by:
        raise NotAllowed("Only who wrote a note brings it back.")
    if note.removed_at is None:
        raise NotOpen("This note is there already.")
    if now - note.removed_at > BROUGHT_BACK_WITHIN:
        raise Refused("A note can be brought back for a day. Write it anew.")
    fact = NewFact(
        "note.written",
        note.written_at,
        contact_id=note.contact_id,
        account_id=facts.account_of(note.fact_id),
        member_id=by,
    )
    (told,) = (each for each in ledger.append([fact], now=now) if each is not None)
    if not ledger.move_words(interaction_id=note.fact_id, to=told):
        raise UnknownNote("The words of this note are gone for good.")
    Note.objects.filter(id=note_id).update(fact_id=told, removed_at=None)
    named = Mention.objects.filter(note=note).values_list("member_id", flat=True)
    _notify(note, frozenset(named), now=now)


@transaction.atomic
def forget_removed_notes(*, now: datetime) -> int:
    """Delete for good some of the notes that nobody can bring back any more; return how many."""
    old = Note.objects.filter(removed_at__lt=now - BROUGHT_BACK_WITHIN).order_by("removed_at")
    rows: Sequence[tuple[int, int]] = list(old.values_list("id", "fact_id")[:_BATCH])
    ledger.forget_words_around(interaction_ids=[fact for _id, fact in rows])
    Note.objects.filter(id__in=[identity for identity, _fact in rows]).delete()
    return len(rows)


def _own(note_id: int, by: int) -> Note:
    """Return a note, held, if it is there and the member's own."""
    note = Note.objects.select_for_update().filter(id=note_id).first()
    if note is None or note.removed_at is not None:
        raise UnknownNote("This note is not there any more.")
    if note.member_id != by:
        raise NotAllowed("Only who wrote a note changes it.")
    return note


def _mention(note: Note, text: str, among: Collection[Named], *, now: datetime) -> None:
    """Keep whom a note names, and tell those who were not told of it before; nobody is told by himself."""
    known = rules.handles([(each.pk, each.name, each.email) for each in among])
    named = rules.mentioned(text, known)
    Mention.objects.filter(note=note).exclude(member__in=named).delete()
    Mention.objects.bulk_create([Mention(note=note, member_id=each) for each in named], ignore_conflicts=True)
    _notify(note, frozenset(named), now=now)


def _notify(note: Note, named: frozenset[int], *, now: datetime) -> None:
    """Tell those whom a note names and who were not told of it before."""
    notify(
        member_ids=named - {note.member_id},
        kind="note.mentioned" if note.contact_id is not None else "note.mentioned_at",
        subject=("note", note.pk),
        contact_id=note.contact_id,
        key=f"note:{note.pk}",
        now=now,
    )
