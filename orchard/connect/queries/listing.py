"""What imports there are, how far each is, and which rows it refused."""

from collections.abc import Iterator
from pathlib import Path

from orchard.connect import csv
from orchard.connect.csv.types import Reject
from orchard.connect.models import Import, RejectedRow
from orchard.kit import paging
from orchard.kit.errors import NotFound
from orchard.kit.paging import Page


def imports(*, cursor: str = "", size: int = 50) -> Page[Import]:
    """Return imports, the newest first, a page at a time."""
    rows = Import.objects.select_related("member")
    back, key = paging.decode(cursor, int)
    if key:
        rows = rows.filter(id__gt=key[0]) if back else rows.filter(id__lt=key[0])
    found = list(rows.order_by("id" if back else "-id")[: size + 1])
    return paging.page(found, size=size, cursor=cursor, key=lambda row: [row.id])


def begun_by(member_id: int, import_id: int) -> bool:
    """Tell whether this member began the import."""
    return Import.objects.filter(id=import_id, member=member_id).exists()


def one(import_id: int) -> Import:
    """Return an import; raises `NotFound`."""
    found = Import.objects.select_related("member").filter(id=import_id).first()
    if found is None:
        raise NotFound("There is no such import.")
    return found


def rejects(import_id: int, *, limit: int | None = None) -> Iterator[Reject]:
    """Yield the rows that an import refused, in order."""
    rows = RejectedRow.objects.filter(made_by=import_id).order_by("row")
    for each in (rows[:limit] if limit else rows).iterator(chunk_size=2_000):
        yield Reject(each.row, each.reason, each.cells)


def write_rejects(import_id: int, path: Path) -> int:
    """Write the refused rows of an import to `path` as CSV; return how many."""
    made = one(import_id)
    count = 0
    with csv.RejectsFile(path, list(made.header)) as file:
        for each in rejects(import_id):
            file.write([each])
            count += 1
    return count
