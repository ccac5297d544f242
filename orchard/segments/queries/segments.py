"""Saved conditions as pages and doors show them: in words, with who fits, how fresh that is, and who uses them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from orchard.contacts import queries as contacts
from orchard.contacts.queries import ListedContact
from orchard.engine.conditions import Condition, in_words
from orchard.engine.types import Problem
from orchard.kit import paging
from orchard.kit.words import Phrase
from orchard.segments.models import Segment, SegmentCount, SegmentMember
from orchard.segments.queries.names import definitions, known, problems_of_use
from orchard.segments.queries.uses import all_uses
from orchard.segments.types import Standing, UnknownSegment, Use

PAGE = 50


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment in a list."""

    id: int
    code: str
    name: str
    description: str
    words: str
    standing: Standing
    uses: Sequence[Use]
    problems: Sequence[Problem]
    """Why it cannot be asked any more: its members are those of before."""
    archived_at: datetime | None
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class SegmentShown:
    """A segment whole."""

    row: SegmentRow
    condition: Condition
    revision: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Who is in a segment, and since when that was seen."""

    contact: ListedContact
    since: datetime


def segments(*, archived: bool = False) -> list[SegmentRow]:
    """Return the segments in use by name, or those put away."""
    rows = Segment.objects.filter(archived_at__isnull=not archived).order_by("name")
    return _rows(list(rows.select_related("standing", "changed_by")))


def segment(segment_id: int) -> SegmentShown:
    """Return one segment, put away or not."""
    found = Segment.objects.select_related("standing", "changed_by").filter(id=segment_id).first()
    if found is None:
        raise UnknownSegment("There is no such segment.")
    (row,) = _rows([found])
    return SegmentShown(row, definitions()[found.code].condition, found.revision)


def names_of(segment_ids: Iterable[int]) -> dict[int, str]:
    """Return what these segments are called, those put away too."""
    return dict(Segment.objects.filter(id__in=list(segment_ids)).values_list("id", "name"))


def segment_named(code: str) -> SegmentShown:
    """Return the segment in use with this code, or this name in any case."""
    there = Segment.objects.filter(archived_at__isnull=True)
    found = there.filter(code=code).first() or there.filter(name__iexact=code).first()
    if found is None:
        codes = list(there.order_by("code").values_list("code", flat=True)[:20])
        raise UnknownSegment(
            "There is no segment `{code}`. There are: {codes}.", code=code, codes=codes or Phrase("none yet")
        )
    return segment(found.pk)


def members(
    segment_id: int, *, turned: bool = False, cursor: str = "", size: int = PAGE
) -> paging.Page[MemberRow]:
    """Return a page of the members as they are kept, by id, `turned` from the highest down."""
    page = member_ids(segment_id, turned=turned, cursor=cursor, size=size)
    named = {each.id: each for each in contacts.contacts(ids=[each for each, _ in page.rows], size=size).rows}
    rows = [MemberRow(named[each], since) for each, since in page.rows if each in named]
    return paging.Page(rows, page.next, page.previous)


def others(segment_id: int) -> int:
    """Return how many members of a segment others hold, so that they are counted and not shown."""
    hidden = contacts.hidden_ids()
    if not hidden:
        return 0
    return SegmentMember.objects.filter(segment_id=segment_id, is_member=True, contact_id__in=hidden).count()


def member_ids(
    segment_id: int, *, turned: bool = False, cursor: str = "", size: int = PAGE
) -> paging.Page[tuple[int, datetime]]:
    """Return a page of the ids of members one may see as they are kept, each with since when."""
    back, key = paging.decode(cursor, int)
    mine, hidden = SegmentMember.objects.filter(segment_id=segment_id, is_member=True), contacts.hidden_ids()
    if hidden:
        mine = mine.exclude(contact_id__in=hidden)
    if key:
        falls = back != turned
        mine = mine.filter(contact_id__lt=key[0]) if falls else mine.filter(contact_id__gt=key[0])
    ordered = mine.order_by("-contact_id" if back != turned else "contact_id").values_list(
        "contact_id", "since"
    )
    return paging.page(list(ordered[: size + 1]), size=size, cursor=cursor, key=lambda row: (row[0],))


def of_contact(contact_id: int) -> list[tuple[int, str]]:
    """Return the segments that a contact is in, each with its name."""
    mine = SegmentMember.objects.filter(contact_id=contact_id, is_member=True).values("segment_id")
    rows = Segment.objects.filter(id__in=mine, archived_at__isnull=True).order_by("name")
    return list(rows.values_list("id", "name"))


def standing(segment_id: int) -> Standing:
    """Return how many members a segment has, and whether they are being counted."""
    row = SegmentCount.objects.select_related("segment").filter(segment=segment_id).first()
    if row is None:
        raise UnknownSegment("There is no such segment.")
    return _standing(row, row.segment.revision)


def _standing(row: SegmentCount, revision: int) -> Standing:
    return Standing(row.members, row.revision == revision, row.counted_at, row.done, row.of)


def _rows(found: Sequence[Segment]) -> list[SegmentRow]:
    names, saved, uses = known(), definitions(), all_uses()
    return [
        SegmentRow(
            id=each.pk,
            code=each.code,
            name=each.name,
            description=each.description,
            words=in_words(saved[each.code].condition, names),
            standing=_standing(each.standing, each.revision),
            uses=uses.get(each.pk, []),
            problems=problems_of_use(saved[each.code].condition, names, saved),
            archived_at=each.archived_at,
            changed_at=each.changed_at,
            changed_by=each.changed_by.name if each.changed_by else "",
        )
        for each in found
    ]
