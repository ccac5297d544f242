"""Files on contacts and accounts: what is known of them, and what is in one, piece by piece."""

from collections.abc import Collection, Iterable, Iterator

from django.db.models import QuerySet

from orchard.contacts.models import FilePiece, KeptFile
from orchard.contacts.queries.seen import hidden_among, refuse_hidden
from orchard.contacts.types import FileShown, UnknownFile
from orchard.interactions import queries as ledger


def file(file_id: int) -> FileShown:
    """Return a file that is there; raises `UnknownFile`, or `Hidden` where its contact is unseen."""
    row = _rows().filter(id=file_id, removed_at__isnull=True).first()
    if row is None:
        raise UnknownFile("This file is not there any more: somebody removed it.")
    if row.contact_id is not None:
        refuse_hidden([row.contact_id])
    return _shown([row])[0]


def files_of(contact_ids: Collection[int]) -> list[FileShown]:
    """Return the files on a contact, by every id that means it, the newest first."""
    return _shown(_there().filter(contact__in=list(contact_ids)).order_by("-added_at", "-id"))


def files_of_account(account_id: int) -> list[FileShown]:
    """Return the files on an account, the newest first."""
    return _shown(_there().filter(account=account_id).order_by("-added_at", "-id"))


def files_told(fact_ids: Iterable[int]) -> dict[int, FileShown]:
    """Return of these facts which file each tells, as far as it is still there."""
    return {each.fact_id: each for each in _shown(_there().filter(fact_id__in=list(fact_ids)))}


def removed_files_of(contact_ids: Collection[int]) -> int:
    """Return how many files of a contact were removed and are not gone for good yet."""
    return KeptFile.objects.filter(contact__in=list(contact_ids), removed_at__isnull=False).count()


def pieces_of(file_id: int) -> Iterator[bytes]:
    """Give what is in a file, a piece at a time; it ends early where the file goes for good meanwhile."""
    number = 0
    while True:
        rows = FilePiece.objects.filter(file=file_id, number=number)
        piece = rows.order_by("number").values_list("content", flat=True).first()
        if piece is None:
            return
        yield bytes(piece)
        number += 1


def is_file_of(member_id: int, file_id: int) -> bool:
    """Tell whether a member added this file."""
    return KeptFile.objects.filter(id=file_id, member=member_id).exists()


def is_seen_by_file(file_id: int) -> bool:
    """Tell whether one may see whom a file is about; one on an account is everybody's."""
    rows = KeptFile.objects.filter(id=file_id, contact__isnull=False)
    return not hidden_among(each for each in rows.values_list("contact_id", flat=True) if each is not None)


def _rows() -> QuerySet[KeptFile]:
    return KeptFile.objects.select_related("member")


def _there() -> QuerySet[KeptFile]:
    return _rows().filter(removed_at__isnull=True)


def _shown(rows: Iterable[KeptFile]) -> list[FileShown]:
    """Read files, each with the contact that is meant by now and the name of who added it."""
    found = list(rows)
    contacts = {row.contact_id for row in found if row.contact_id is not None}
    living = ledger.living(contacts) if contacts else {}
    return [
        FileShown(
            id=row.pk,
            name=row.name,
            media=row.media,
            size=row.size,
            words=row.words,
            contact_id=None if row.contact_id is None else living[row.contact_id],
            account_id=row.account_id,
            fact_id=row.fact_id,
            member_id=row.member_id,
            member=row.member.name if row.member else "",
            added_at=row.added_at,
        )
        for row in found
    ]
