"""Whom the calendar alone makes qualified, and when: the verdict as of the hours at which it is looked at again.

Nothing is decided here: of whom an hour comes, the verdict of the version in force is computed as of that hour, over
what is known today. It is bounded: the soonest first, and `upto` says how far everybody was looked at.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.utils.translation import gettext as _

from orchard.agreement.models import Verdict
from orchard.agreement.queries.computing import FEW
from orchard.agreement.queries.concerned import with_colleagues
from orchard.agreement.queries.terms import Force, in_force, names_for
from orchard.agreement.queries.verdict import moment, words_of
from orchard.agreement.rules import Joined, Met, Possible, could_qualify, turned_for
from orchard.agreement.verdict import AS_OF, VerdictAsOf, met
from orchard.engine import duck, rows
from orchard.engine.compile import compiled
from orchard.engine.rows import ARROW
from orchard.engine.types import CONTACTS, FACTS, ColumnType

LOOKED_AT = 5_000
"""So many verdicts whose hour comes are gone through, the soonest first."""

FOUND = 300
"""So many contacts at most are looked for who may be qualified at an hour to come."""

PEOPLE = 600
"""So many people at most are assessed as of hours to come, colleagues included where the account's score counts."""

ROUNDS = 6
"""So often at most a contact is looked at whose verdict one hour did not turn and a later one may."""

_WHO = ("contact_id", "account_id")

_COPY = 2**40
"""Ids are less: what is added to those of whoever is looked at as of several hours at once."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Who is not qualified and may be by time alone; everybody such whose hour comes before `upto` is among them."""

    contact_ids: Sequence[int]
    upto: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """That a contact will be qualified: from when, and what turns then, in words.

    `why` is empty where it is qualified before that, and only was not asked about earlier.
    """

    contact_id: int
    at: datetime
    why: Sequence[str]


@dataclass(frozen=True, slots=True)
class Turns:
    """Who will be qualified, the soonest first; everybody such before `upto` is among them."""

    found: Sequence[Turn]
    upto: datetime


def coming(*, until: datetime) -> Coming:
    """Return who is not qualified now and whom time alone may make so by `until`, the soonest first."""
    force = in_force()
    possible = None if force is None else could_qualify(force.terms)
    if force is None or possible is None:
        return Coming([], until)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH looked AS MATERIALIZED (
                SELECT contact_id, due_at, qualified, version_id, met FROM verdict
                 WHERE due_at <= %(until)s ORDER BY due_at LIMIT %(looked_at)s
            ), found AS (
                SELECT contact_id, due_at FROM looked
                 WHERE NOT qualified AND version_id = %(version)s AND {_asked(possible)}
                 ORDER BY due_at, contact_id LIMIT %(most)s
            )
            SELECT (SELECT max(due_at) FROM looked HAVING count(*) = %(looked_at)s),
                   array(SELECT contact_id FROM found ORDER BY due_at, contact_id),
                   (SELECT max(due_at) FROM found HAVING count(*) = %(most)s)
            """,  # noqa: S608 - places and truths of our own
            {"until": until, "version": force.version_id, "looked_at": LOOKED_AT, "most": FOUND},
        )
        last, ids, last_found = cursor.fetchone()
    return Coming(ids, min(each for each in (until, last, last_found) if each is not None))


def qualified_from(after: Mapping[int, datetime], *, now: datetime, until: datetime) -> Turns:
    """Return from when each of these living contacts is qualified, at the time given with it at the earliest.

    Whoever is so already, or is not by `until`, is not among them.
    """
    force = in_force()
    if force is None or not after:
        return Turns([], until)
    looks = _Looks(force, after, now=now, until=until)
    stored = Verdict.objects.filter(contact_id__in=list(after), version_id=force.version_id)
    for contact, qualified, truths, due_at in stored.values_list("contact_id", "qualified", "met", "due_at"):
        looks.note(contact, _Look(now, qualified, truths, due_at))
    upto = looks.go_on()
    return Turns(sorted(looks.found, key=lambda turn: (turn.at, turn.contact_id)), upto)


@dataclass(frozen=True, slots=True)
class _Look:
    """The verdict of a contact as of a time, which holds until it is due to be looked at again."""

    at: datetime
    qualified: bool
    met: Sequence[bool]
    due_at: datetime | None


class _Looks:
    """Contacts looked at as of their hours, each until it is qualified or its next hour lies too far away."""

    def __init__(
        self, force: Force, after: Mapping[int, datetime], *, now: datetime, until: datetime
    ) -> None:
        self.force, self.after, self.now, self.until = force, after, now, until
        self.found: list[Turn] = []
        self._words: list[str] = []
        self._waiting: dict[int, tuple[datetime, _Look]] = {}

    def note(self, contact: int, look: _Look, before: _Look | None = None) -> None:
        """Take what a look found: whether the contact is qualified in time, else when to look again."""
        begins = max(look.at, self.after[contact])
        lasts = look.due_at is None or begins < look.due_at
        if look.qualified and lasts:
            if begins <= self.until and (before or begins > self.now):
                turned = before is not None and look.at >= self.after[contact]
                self.found.append(Turn(contact, begins, self._why(before, look) if turned else ()))
        elif look.due_at is not None and look.due_at <= self.until:
            self._waiting[contact] = (look.due_at, look)

    def go_on(self) -> datetime:
        """Look at each as of its hour, again and again; return up to when everybody was looked at."""
        if not self._waiting:
            return self.until
        upto = self._keep_soonest()
        if not self._waiting:
            return upto
        known = _Known(self.force, self._waiting)
        for _round in range(ROUNDS):
            asked, self._waiting = self._waiting, {}
            for contact, look in known.as_of({contact: hour for contact, (hour, _look) in asked.items()}):
                self.note(contact, look, asked[contact][1])
            if not self._waiting:
                return upto
        return min(upto, *(hour for hour, _look in self._waiting.values()))

    def _keep_soonest(self) -> datetime:
        """Let go of whom there is no room for, those whose hour comes last; return up to when there is room."""
        people = _companies(self._waiting) if self.force.terms.asks_account else {}
        soonest, room = sorted(self._waiting.items(), key=lambda each: each[1][0]), PEOPLE
        for place, (contact, (hour, _look)) in enumerate(soonest):
            room -= people.get(contact, 1)
            if room < 0:
                self._waiting = dict(soonest[:place])
                return hour
        return self.until

    def _why(self, before: _Look | None, look: _Look) -> list[str]:
        self._words = self._words or words_of(self.force)
        turned = turned_for(self.force.terms, before.met, look.met) if before else []
        return [
            self._words[place]
            if look.met[place]
            else _("“%(words)s” no longer holds") % {"words": self._words[place]}
            for place in turned
        ]


class _Known:
    """What is known today of some contacts, read once, and the verdicts over it as of hours to come."""

    def __init__(self, force: Force, contact_ids: Collection[int]) -> None:
        self._force = force
        names = names_for(force.terms)
        tables = force.terms.tables(names)
        timed = [
            replace(table, columns={**table.columns, AS_OF: ColumnType.TIMESTAMP})
            if table.name in (CONTACTS, FACTS)
            else table
            for table in tables
        ]
        self._query = compiled(
            ("verdict as of", force.terms, names.fields), VerdictAsOf(force.terms, names), timed
        )
        ids = sorted(with_colleagues(force, contact_ids))
        self._rows = {table.name: rows.of_contacts(table, ids, kinds=force.terms.kinds) for table in tables}

    def as_of(self, hours: Mapping[int, datetime]) -> Iterator[tuple[int, _Look]]:
        """Yield the verdict of each of these contacts as of its full hour, all from one computation."""
        own = {contact: contact for contact in hours}
        if self._force.terms.asks_account:
            own = {place * _COPY + contact: contact for place, contact in enumerate(hours)}
            inputs = self._with_colleagues(hours)
        else:
            inputs = {name: _as_of(table, hours) for name, table in self._rows.items()}
        database = duck.for_few() if len(hours) <= FEW else duck.shared()
        places = range(len(self._force.terms.atoms))
        for row in database.run(self._query, inputs).to_pylist():
            contact = own.get(row["contact_id"])
            if contact is not None:
                truths = [bool(row[met(place)]) for place in places]
                yield contact, _Look(hours[contact], row["qualified"], truths, moment(row["due_at"]))

    def _with_colleagues(self, hours: Mapping[int, datetime]) -> dict[str, pa.Table]:
        """Return of each table the rows of each contact's company as of its hour, each time under other ids."""
        found: dict[str, list[pa.Table]] = {name: [] for name in self._rows}
        account_of = dict(zip(*(self._rows[CONTACTS][name].to_pylist() for name in _WHO), strict=True))
        for place, (contact, hour) in enumerate(hours.items()):
            account = account_of.get(contact)
            people = [
                each
                for each, theirs in account_of.items()
                if each == contact or theirs == account is not None
            ]
            for name, table in self._rows.items():
                copy = _as_of(table, dict.fromkeys(people, hour))
                for column in set(_WHO).intersection(copy.column_names):
                    at = copy.column_names.index(column)
                    copy = copy.set_column(at, column, pc.add(copy[column], place * _COPY))
                found[name].append(copy)
        return {name: pa.concat_tables(copies) for name, copies in found.items()}


def _companies(contact_ids: Collection[int]) -> dict[int, int]:
    """Return how many people are assessed with each of these contacts, itself included; many are counted as many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT v.contact_id, (SELECT count(*) FROM (
                       SELECT FROM verdict c WHERE c.account_id = v.account_id LIMIT %(most)s) AS company)
              FROM verdict v WHERE v.contact_id = ANY (%(ids)s) AND v.account_id IS NOT NULL
            """,
            {"ids": list(contact_ids), "most": PEOPLE + 1},
        )
        return dict(cursor.fetchall())


def _as_of(table: pa.Table, hours: Mapping[int, datetime]) -> pa.Table:
    """Return the rows of these contacts with the hour of each."""
    places = pc.index_in(table["contact_id"], value_set=pa.array(list(hours), pa.int64()))
    at = pa.array(list(hours.values()), ARROW[ColumnType.TIMESTAMP])
    return table.append_column(AS_OF, at.take(places)).filter(pc.is_valid(places))


def _asked(possible: Possible) -> str:
    """Return as SQL over `met` what must be so."""
    match possible:
        case Met(place, holds):
            return f"{'' if holds else 'NOT '}met[{place + 1}]"
        case Joined(every, parts):
            return f"({(' AND ' if every else ' OR ').join(map(_asked, parts))})"
    return str(possible)
