"""Say in the words of the form where a mistake stands, and which field it leads to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from orchard.agreement.types import Mistake
from orchard.web.together.form.parts import Cell, Row, Sheet
from orchard.web.ui.conditions import Box


@dataclass(frozen=True, slots=True)
class Told:
    """One mistake as the form tells it: where, in words, the id of its field, and of what stands beside it."""

    place: str
    sentence: str
    leads_to: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    path: str
    words: tuple[str, ...]
    leads_to: str = ""
    beside: str = ""


def told(sheet: Sheet, mistakes: Sequence[Mistake]) -> list[Told]:
    """Return the mistakes in the order of the form, each at the narrowest field or part that its path lies in."""
    places = list(_places(sheet))
    found = {place.path: (order, place) for order, place in enumerate(places)}
    nowhere = (len(places), _Place("", (_("The agreement"),)))
    placed = [(*_narrowest(mistake.path, found, nowhere), mistake.sentence) for mistake in mistakes]
    return [
        Told(
            ", ".join(place.words), sentence, place.leads_to, f"{place.beside}-error" if place.beside else ""
        )
        for _order, place, sentence in sorted(placed, key=lambda each: each[0])
    ]


def _narrowest(
    path: str, found: dict[str, tuple[int, _Place]], nowhere: tuple[int, _Place]
) -> tuple[int, _Place]:
    while path:
        if path in found:
            return found[path]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return nowhere


def _places(sheet: Sheet) -> Iterator[_Place]:
    """Yield every field and part of the form, from its top to its bottom."""
    yield from _cells([sheet.name])
    handoff = _("When a contact becomes a lead")
    yield from _box(sheet.handoff, (handoff,))
    yield from _box(sheet.never, (handoff, _("Never, when")))
    yield from _cells(sheet.handoff_cells, handoff)
    yield from _rows(_("What counts: who they are"), "score.fit", sheet.fit)
    yield from _rows(_("What counts: what they did"), "score.engagement", sheet.engagement)
    sales = _("What Sales promises")
    yield from _cells(sheet.sales, sales)
    days = "f-calendar-days"
    yield _Place("promises.calendar.days", (sales, _("Working hours")), days, days)
    yield from _cells(sheet.calendar, sales, _("Working hours"))
    yield from _cells(sheet.marketing, _("What Marketing promises"))
    yield from _rows(_("How a lead comes back"), "returns", sheet.returns)
    yield from _rows(_("Who gets it"), "routing", sheet.routing)
    yield from _cells([*sheet.rot, *sheet.attention], _("What rots, and the long term"))
    yield from _rows(_("What we want to reach"), "goals", sheet.goals)
    yield from _cells(sheet.stages, _("Our own words for the stages"))


def _cells(cells: Sequence[Cell], *around: str) -> Iterator[_Place]:
    for cell in cells:
        if cell.path:
            yield _Place(cell.path, (*around, cell.label), cell.html_id, cell.html_id)


def _rows(title: str, path: str, rows: Sequence[Row]) -> Iterator[_Place]:
    yield _Place(path, (title,))
    for number, row in enumerate(rows, 1):
        name = next((row.cells[key].value for key in ("name", "label") if key in row.cells), "")
        words = (title, name or _("row %(number)s") % {"number": number})
        yield _Place(row.path, words, next(iter(row.cells.values())).html_id, row.html_id)
        yield from _cells(list(row.cells.values()), *words)
        if row.kinds is not None:
            kinds = (*words, _("Kinds of interactions"))
            yield _Place(f"{row.path}.kinds", kinds, f"{row.kinds_id}-words", row.kinds_id)
        if row.when is not None:
            yield from _box(row.when, words)


def _box(box: Box, words: tuple[str, ...]) -> Iterator[_Place]:
    drawn = box.sort not in ("", "raw")
    yield _Place(box.path, words, f"{box.html_id}-sort" if drawn else box.html_id, box.html_id)
    labels = _labels(box)
    for word, end in box.fields():
        field = f"{box.html_id}-{end}"
        picks = end in ("kinds", "stage") or (end == "value" and box.operator == "in" and box.picks)
        yield _Place(f"{box.path}.{word}", (*words, labels[end]), f"{field}-words" if picks else field, field)
    for number, child in enumerate(box.children, 1):
        yield from _box(child, (*words, *_step(box.sort, number)))
    if box.where is not None:
        yield from _box(box.where, (*words, _("only where")))


def _step(sort: str, number: int) -> tuple[str, ...]:
    if sort == "any":
        return (_("way %(number)s") % {"number": number},)
    return (_("condition %(number)s") % {"number": number},) if sort == "all" else ()


def _labels(box: Box) -> dict[str, str]:
    """Return the word that one reads at each field of a row, by the end of its id."""
    name = next((label for _group, fields in box.groups for value, label in fields if value == box.name), "")
    return {
        "field": _("Field"),
        "value": name or _("Value"),
        "high": name or _("Value"),
        "kinds": _("Kinds of interactions"),
        "days": _("within the last …"),
        "since": _("Since the day"),
        "least": _("at least"),
        "most": _("at most"),
        "score": _("Which score"),
        "stage": _("Stages"),
        "segment": _("Segment"),
    }
