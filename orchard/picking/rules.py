"""In which order a day goes, clocks first, then steps, what has none and the basket; and who was put aside from it."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time

from orchard.picking.types import COMES_BACK, MOST, Candidate, Reason

_ORDER = list(Reason)
_CLOCKS = frozenset({Reason.ACCEPT, Reason.ATTEMPT})
_NEVER = datetime.max.replace(tzinfo=UTC)


def day(candidates: Iterable[Candidate], *, most: int = MOST) -> tuple[list[Candidate], int]:
    """Return who stands in a day, at most `most`, and how many more there would be.

    Nobody stands there twice: of several reasons the first one counts. Clocks go by when they run out, whichever they
    are; the basket by score, the highest first.
    """
    lines: list[Candidate] = []
    seen: set[int] = set()
    for each in sorted(candidates, key=_key):
        if each.contact_id is not None:
            if each.contact_id in seen:
                continue
            seen.add(each.contact_id)
        lines.append(each)
    return lines[:most], max(0, len(lines) - most)


def is_left_out(candidate: Candidate, aside: Collection[int], *, now: datetime) -> bool:
    """Tell whether somebody put aside stays out of the day: who cannot wait is brought back by that."""
    return candidate.contact_id in aside and can_wait(candidate, now=now)


def can_wait(candidate: Candidate, *, now: datetime) -> bool:
    """Tell whether no clock of it is about to run out, and no meeting about to begin."""
    return not isinstance(candidate.at, datetime) or candidate.at > now + COMES_BACK


def _key(candidate: Candidate) -> tuple[int, datetime, int, int]:
    rank = 0 if candidate.reason in _CLOCKS else _ORDER.index(candidate.reason)
    identity = candidate.step_id or candidate.lead_id or candidate.sale_id or 0
    return rank, _moment(candidate.at), -candidate.score, identity


def _moment(at: datetime | date | None) -> datetime:
    if at is None:
        return _NEVER
    return at if isinstance(at, datetime) else datetime.combine(at, time(), UTC)
