"""Who becomes ripe within the next days by the calendar alone: a rest ends, or a condition with days comes to hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from orchard.agreement import queries as agreement
from orchard.contacts import queries as contacts
from orchard.leads import queries as leads

SOON = timedelta(days=7)

LISTED = 100
"""So many are named at most, those who ripen first."""

_RESTS = 300
"""So many rests that end are looked at, the first ones."""


@dataclass(frozen=True, slots=True)
class Ripens:
    """A contact who ripens: from when, and by what. `why` is what comes to hold then; empty: a rest ends."""

    id: int
    name: str
    email: str
    account: str
    at: datetime
    why: Sequence[str]


@dataclass(frozen=True, slots=True)
class Ripening:
    """Who becomes ripe by `until` if nothing else happens, the soonest first, and how many.

    Everybody such before `upto` is counted; where that is earlier, more may ripen, than could be looked at at once.
    """

    people: Sequence[Ripens]
    number: int
    until: datetime
    upto: datetime
    has_agreement: bool

    @property
    def is_whole(self) -> bool:
        """Whether everybody could be looked at."""
        return self.upto >= self.until


def ripening(*, now: datetime, most: int = LISTED) -> Ripening:
    """Return who becomes ripe within `SOON` by the calendar alone, by what is known now; `most` of them by name.

    The verdict as of its hour says who is qualified; the basket, whom Sales has in hands and who rests until when.
    """
    until = now + SOON
    if agreement.in_force_terms() is None:
        return Ripening([], 0, until, until, has_agreement=False)
    coming = agreement.coming(until=until)
    rests = leads.resting_until(until, most=_RESTS)
    asked = {*coming.contact_ids, *rests}
    asked -= contacts.hidden_among(asked)
    free = leads.free_from(asked, now=now) if asked else {}
    turns = agreement.qualified_from(
        {contact: at for contact, at in free.items() if at <= until}, now=now, until=until
    )
    ends = max(rests.values()) if len(rests) >= _RESTS else until
    return Ripening(
        _named(turns.found[:most]),
        len(turns.found),
        until,
        min(coming.upto, turns.upto, ends),
        has_agreement=True,
    )


def _named(turns: Sequence[agreement.Turn]) -> list[Ripens]:
    ids = [turn.contact_id for turn in turns]
    known = {row.id: row for row in contacts.contacts(ids=ids, size=len(ids)).rows} if ids else {}
    return [
        Ripens(
            turn.contact_id,
            known[turn.contact_id].full_name or "",
            known[turn.contact_id].email or "",
            known[turn.contact_id].account_name or "",
            turn.at,
            turn.why,
        )
        for turn in turns
        if turn.contact_id in known
    ]
