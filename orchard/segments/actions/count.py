"""How everybody is asked for segments that are new or changed: all at once, then written stretch by stretch."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q

from orchard.agreement import queries as agreement
from orchard.interactions import queries as ledger
from orchard.interactions.types import KINDS
from orchard.kit import clock
from orchard.segments import rules
from orchard.segments.actions.keep import Rows, keep, keep_stretch, locked, rows_of
from orchard.segments.models import SegmentCount
from orchard.segments.queries.asking import ask_everybody
from orchard.segments.queries.work import Askable, askable, concerned, plans

logger = logging.getLogger(__name__)

CHUNK = 20_000
REST = timedelta(minutes=10)
DAY = timedelta(days=1)
_LAST = 2**63 - 1


def count_anew(*, now: datetime, reader: str) -> int:
    """Ask everybody for each segment whose members are not those of what it says; return how many that were.

    Those that ask for scores are asked anew when all scores were, and each once a day: what is renamed elsewhere, as
    the code of a campaign, is no fact about anybody. `reader` is the consumer that keeps the members meanwhile: whom
    facts concern that it read after we began to ask is asked once more.
    """
    refreshed = agreement.last_refresh()
    waiting = SegmentCount.objects.filter(segment__archived_at__isnull=True)
    missing = list(waiting.exclude(revision=F("segment__revision")).values_list("segment", flat=True))
    old = Q(counted_at__lte=now - DAY)
    late = set(waiting.filter(old).values_list("segment", flat=True))
    unscored = set() if refreshed is None else set(
        waiting.filter(Q(refresh_at__isnull=True) | Q(refresh_at__lt=refreshed)).values_list("segment", flat=True)
    )  # fmt: skip
    segments = askable({*missing, *late, *unscored})
    due = [
        each
        for each in segments
        if (each.id in missing or each.id in late or rules.asks_score([each.condition]))
        and _put_off.get((each.id, each.revision), now) <= now
    ]
    for group, asked in plans(due):
        began = _Began(ledger.cursor_of(reader), reader, refreshed, now)
        try:
            found = ask_everybody(asked, clock.full_hour(now))
            for place, each in enumerate(group):
                _store(each, rows_of(found, place, each.id), began)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            ids = ", ".join(str(each.id) for each in group)
            logger.exception("Segments %s could not be counted; they are tried again in a while.", ids)
            _put_off.update({(each.id, each.revision): now + REST for each in group})
    return len(due)


_put_off: dict[tuple[int, int], datetime] = {}
"""Until when this process leaves a revision of a segment alone that failed, so that the others have their turn."""


@dataclass(frozen=True, slots=True)
class _Began:
    """What stood when everybody was asked."""

    read: tuple[int, int]
    """How far the reader of the two lanes had come."""
    reader: str
    refreshed: datetime | None
    now: datetime

    def news(self, segment: Askable) -> set[int]:
        """Return whom facts concern that the reader has read since."""
        kinds = sorted(
            {*rules.kinds_that_turn([segment.condition]), "account.changed", "import.undone"} & KINDS.keys()
        )
        people: set[int] = set()
        for after, upto in zip(self.read, ledger.cursor_of(self.reader), strict=True):
            if upto > after:
                people |= concerned([segment], ledger.facts_between(after=after, upto=upto, kinds=kinds))
        return people


def _store(segment: Askable, rows: Rows, began: _Began) -> None:
    """Write what was found, in short transactions; stop where the segment is changed or put away meanwhile."""
    of = len(rows.contacts)
    SegmentCount.objects.filter(segment=segment.id).update(done=0, of=of)
    for number, (start, below) in enumerate(rules.stretches(rows.contacts, CHUNK, _LAST)):
        part = rows.part(number * CHUNK, (number + 1) * CHUNK)
        if not _store_stretch(segment, part, began, start=start, below=below):
            return
    _note_counted(segment, began, of)


@transaction.atomic
def _note_counted(segment: Askable, began: _Began, of: int) -> None:
    if _stands(segment):
        SegmentCount.objects.filter(segment=segment.id).update(
            revision=segment.revision, counted_at=began.now, refresh_at=began.refreshed, done=of, of=of
        )


def _stands(segment: Askable) -> bool:
    """Lock a segment's count, and tell whether it still says, with all that it names, what was asked."""
    return bool(locked([segment.id])) and [each.condition for each in askable([segment.id])] == [
        segment.condition
    ]


@transaction.atomic
def _store_stretch(segment: Askable, part: Rows, began: _Began, *, start: int, below: int) -> bool:
    if not _stands(segment):
        return False
    keep_stretch(segment.id, part, start=start, below=below, now=began.now)
    again = {each for each in began.news(segment) if start <= each < below}
    if again:
        keep([segment], again, hour=clock.full_hour(began.now), now=began.now)
    SegmentCount.objects.filter(segment=segment.id).update(done=F("done") + len(part.contacts))
    return True
