"""How members keep files on a contact or an account, take one away and bring it back, and when it goes for good.

What is in them is written in pieces, which lists never read. The ledger holds no word of a file: its fact says that
there is one, and is withdrawn with it.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import connection, transaction
from django.db.models import Q

from orchard.contacts import rules
from orchard.contacts.actions.change import living_account, living_contact
from orchard.contacts.models import KeptFile
from orchard.contacts.rules.files import HEAD
from orchard.contacts.types import (
    FILE_BROUGHT_BACK_WITHIN,
    MOST_FILES,
    Clash,
    FilesKept,
    NewFile,
    UnknownFile,
)
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.types import NewFact
from orchard.journal import actions as journal
from orchard.kit.errors import NotAllowed, Refused

PIECE = 2**20
"""Bytes of a file that are held at once."""

_BATCH = 100


@dataclass(frozen=True, slots=True)
class _Looked:
    """A file that was read once: what it is called and what it is."""

    name: str
    content: BinaryIO
    size: int
    media: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class _Record:
    """What files lie on, locked: the contact or the account, and the account that its facts are told of."""

    contact_id: int | None
    account_id: int | None
    at_account: int | None
    there: Q
    """The files on it, by every id that means it."""

    @property
    def subject(self) -> tuple[str, int]:
        """How the audit book names it."""
        return ("account", self.account_id or 0) if self.contact_id is None else ("contact", self.contact_id)


def keep_files(
    *,
    files: Sequence[NewFile],
    now: datetime,
    actor_id: int | None,
    words: str = "",
    contact_id: int | None = None,
    account_id: int | None = None,
) -> FilesKept:
    """Keep files on a contact or on an account, each with the same word about it; what is refused keeps none back.

    Each file that is empty, too large, kept there already or one too many is refused in a sentence. Raises `Gone` and
    `Hidden`, and `Refused` where the word is too long.
    """
    text = rules.file_words(words)
    # Read before anything is locked: whoever changes the record need not wait for a large file.
    looked = [_looked_at(each) for each in files]
    refused = [each for each in looked if isinstance(each, Refused)]
    fit = [each for each in looked if isinstance(each, _Looked)]
    with transaction.atomic():
        record = _record(contact_id, account_id)
        fresh = _fresh(fit, record, refused)
        return FilesKept(_keep(fresh, record, text, actor_id, now), refused)


@transaction.atomic
def remove_file(*, file_id: int, now: datetime, actor_id: int | None) -> None:
    """Take a file away; its fact is withdrawn. It can be brought back for a day."""
    file, record = _held(file_id)
    if file.removed_at is not None:
        raise UnknownFile("This file is not there any more: somebody removed it.")
    ledger.withdraw(interaction_ids=[file.fact_id], now=now, member_id=actor_id)
    KeptFile.objects.filter(id=file_id).update(removed_at=now, removed_by=actor_id)
    journal.record(
        actor_id=actor_id, action="file.removed", subject=record.subject, details={"file": file_id}, now=now
    )


@transaction.atomic
def restore_file(*, file_id: int, now: datetime, actor_id: int | None) -> None:
    """Bring back a file that one took away: a fact of its own tells again that it was added then."""
    file, record = _held(file_id)
    if file.removed_at is None:
        raise Clash("This file is there already.")
    if file.removed_by_id != actor_id:
        raise NotAllowed("Only who removed a file brings it back.")
    if now - file.removed_at > FILE_BROUGHT_BACK_WITHIN:
        raise Refused("A file can be brought back for a day. Add it anew.")
    there = KeptFile.objects.filter(record.there, removed_at__isnull=True)
    if there.filter(digest=bytes(file.digest)).exists():
        raise Clash("The same file was added anew meanwhile.")
    if there.count() >= MOST_FILES:
        raise Refused("{most} files are kept here. Remove one first.", most=MOST_FILES)
    # Told again where it was told: under the id that the file lies on, at the account of that day.
    fact = _fact(file.contact_id, facts.account_of(file.fact_id), file.added_at, file.member_id)
    (told,) = ledger.append_new([fact], now=now)
    KeptFile.objects.filter(id=file_id).update(fact_id=told, removed_at=None, removed_by=None)
    journal.record(
        actor_id=actor_id, action="file.restored", subject=record.subject, details={"file": file_id}, now=now
    )


@transaction.atomic
def forget_removed_files(*, now: datetime) -> int:
    """Delete for good some of the files that nobody can bring back any more, with what is in them; return how many."""
    old = KeptFile.objects.filter(removed_at__lt=now - FILE_BROUGHT_BACK_WITHIN).order_by("removed_at")
    ids = list(old.values_list("id", flat=True)[:_BATCH])
    KeptFile.objects.filter(id__in=ids).delete()
    return len(ids)


def _looked_at(file: NewFile) -> _Looked | Refused:
    """Read a file once, or return why it is refused."""
    name, size = rules.file_name(file.name), file.content.seek(0, io.SEEK_END)
    if problem := rules.size_problem(name, size):
        return problem
    digest, head = hashlib.sha256(), b""
    for piece in _pieces(file.content):
        head = head or piece[:HEAD]
        digest.update(piece)
    return _Looked(name, file.content, size, rules.media_of(head), digest.digest())


def _record(contact_id: int | None, account_id: int | None) -> _Record:
    """Lock what files lie on; raises `Gone`, and `Hidden` where it is unseen."""
    if contact_id is not None:
        contact = living_contact(contact_id)
        ids = list(facts.all_ids([contact.id]))
        return _Record(contact.id, None, contact.account_id, Q(contact__in=ids))
    account = living_account(account_id or 0)
    return _Record(None, account.id, account.id, Q(account=account.id))


def _held(file_id: int) -> tuple[KeptFile, _Record]:
    """Return a file, removed or not, with what it lies on; both locked, the record first as whoever adds one does."""
    file = KeptFile.objects.filter(id=file_id).first()
    if file is None:
        raise UnknownFile("This file is gone for good.")
    record = _record(file.contact_id, file.account_id)
    file = KeptFile.objects.select_for_update().filter(id=file_id).first()
    if file is None:
        raise UnknownFile("This file is gone for good.")
    return file, record


def _fresh(looked: Iterable[_Looked], record: _Record, refused: list[Refused]) -> list[_Looked]:
    """Return those that are not on the record yet, as many as fit; say of the others why in `refused`."""
    rows = KeptFile.objects.filter(record.there, removed_at__isnull=True)
    there = {bytes(digest): name for digest, name in rows.values_list("digest", "name")}
    fresh = []
    for each in looked:
        if each.digest in there:
            refused.append(_twice(each.name, there[each.digest]))
        elif len(there) >= MOST_FILES:
            refused.append(
                Refused(
                    "“{name}” does not fit: {most} files are kept here. Remove one first.",
                    name=each.name,
                    most=MOST_FILES,
                )
            )
        else:
            there[each.digest] = each.name
            fresh.append(each)
    return fresh


def _twice(name: str, stands: str) -> Refused:
    """Say that a file is on the record already, by which name."""
    if stands == name:
        return Refused("“{name}” is kept here already.", name=name)
    return Refused("“{name}” is kept here already, as “{stands}”.", name=name, stands=stands)


def _keep(
    looked: Sequence[_Looked], record: _Record, words: str, actor_id: int | None, now: datetime
) -> list[int]:
    """Write files on a locked record, with a fact each, and return their ids."""
    if not looked:
        return []
    fact = _fact(record.contact_id, record.at_account, now, actor_id)
    told = ledger.append_new([fact] * len(looked), now=now)
    made = KeptFile.objects.bulk_create(
        KeptFile(
            contact_id=record.contact_id,
            account_id=record.account_id,
            name=each.name,
            media=each.media,
            size=each.size,
            digest=each.digest,
            words=words,
            fact_id=fact_id,
            member_id=actor_id,
            added_at=now,
        )
        for each, fact_id in zip(looked, told, strict=True)
    )
    ids = [file.pk for file in made]
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY kept_file_piece (file_id, number, content) FROM STDIN") as copy,
    ):
        for file_id, each in zip(ids, looked, strict=True):
            for number, piece in enumerate(_pieces(each.content)):
                copy.write_row((file_id, number, piece))
    journal.record(
        actor_id=actor_id, action="file.added", subject=record.subject, details={"files": ids}, now=now
    )
    return ids


def _fact(contact_id: int | None, at_account: int | None, at: datetime, member_id: int | None) -> NewFact:
    return NewFact("file.added", at, contact_id=contact_id, account_id=at_account, member_id=member_id)


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    while piece := content.read(PIECE):
        yield piece
