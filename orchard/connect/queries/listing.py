"""What imports there are, how far each is, and which rows it refused."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.db.models import Count
from django.utils import timezone

from orchard.connect import csv
from orchard.connect.csv.types import Reject
from orchard.connect.models import Import, RejectedRow
from orchard.connect.types import State
from orchard.kit.errors import NotFound
from orchard.kit.languages import dated
from orchard.kit.paging import By, Page
from orchard.kit.walking import named, walk
from orchard.kit.words import Phrase, marked

_FIRST = By("begun", down=True)
SORTS = {
    "begun": named("created_at", datetime),
    "name": named("file_name", str),
    "rows": named("rows", int),
    "rejected": named("rejected", int),
}


def imports(*, by: By = _FIRST, cursor: str = "", size: int = 50) -> Page[Import]:
    """Return imports, the newest first or by another sort, a page at a time."""
    return walk(Import.objects.select_related("member"), SORTS, by, cursor=cursor, size=size)


def under_way() -> dict[str, int]:
    """Return how many imports are not over, by each such state."""
    states = [state.value for state in State if state.under_way]
    rows = Import.objects.filter(state__in=states).values_list("state").annotate(n=Count("id"))
    return {**dict.fromkeys(states, 0), **dict(rows)}


def begun_by(member_id: int, import_id: int) -> bool:
    """Tell whether this member began the import."""
    return Import.objects.filter(id=import_id, member=member_id).exists()


def one(import_id: int) -> Import:
    """Return an import; raises `NotFound`."""
    found = Import.objects.select_related("member").filter(id=import_id).first()
    if found is None:
        raise NotFound("There is no such import.")
    return found


def names_of(import_ids: Iterable[int]) -> dict[int, str]:
    """Return what these imports are called: the file, and the export that it was recognised as."""
    rows = Import.objects.filter(id__in=set(import_ids)).values_list("id", "file_name", "known")
    return {number: ", ".join(filter(None, (file, known))) for number, file, known in rows}


def how_begun(made: Import) -> str:
    """Say why an import cannot be begun or changed any more, and where to look instead."""
    if State(made.state).under_way:
        return marked("This import runs already; how far it is stands on its page.")
    if made.finished_at is None:
        return marked("This import was not started yet.")
    at = timezone.localtime(made.finished_at)
    return Phrase(
        "This import ended on {day} at {time}; what came of it stands on its page. To bring the file again, upload it "
        "anew.",
        day=dated(at, "j M Y"),
        time=f"{at:%H:%M}",
    )


def rejects(import_id: int, *, limit: int | None = None) -> Iterator[Reject]:
    """Yield the rows that an import refused, in order."""
    rows = RejectedRow.objects.filter(made_by=import_id).order_by("row")
    for each in (rows[:limit] if limit else rows).iterator(chunk_size=2_000):
        yield Reject(each.row, each.reason, each.cells)


def write_rejects(import_id: int, path: Path, say: Callable[[str], str] = str) -> int:
    """Write the refused rows of an import to `path`, each with its reason as `say` words it; return how many.

    The file has the delimiter of the imported one, so that a spreadsheet opens it as it did that one; of a workbook
    it is a comma, as a spreadsheet's own UTF-8 export has it. What stood once outside of the table is a column here.
    """
    made = one(import_id)
    count, width, once = 0, len(made.header), list(made.beside.values())
    with csv.RejectsFile(path, [*made.header, *made.beside], delimiter=made.delimiter or ",") as file:
        for number, reason, cells in rejects(import_id):
            fitted = [*cells, *[""] * (width - len(cells))] if once else cells
            file.write([Reject(number, say(reason), [*fitted[:width], *once, *fitted[width:]])])
            count += 1
    return count


def name_of_rejects(file_name: str) -> str:
    """Return what the file of an import's refused rows is called."""
    return csv.name_of_rejects(file_name)
