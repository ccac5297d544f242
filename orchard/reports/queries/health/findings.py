"""What the state of the running house means: a sentence for each thing, and what to do where it is not well."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orchard.kit.languages import dated, figure
from orchard.reports.queries.health.house import Health
from orchard.reports.types import Finding, Grade
from orchard.watch.types import Beat

OLDEST_POSTGRES = 150_000
SLOW_ANSWER = 50.0
"""Milliseconds that the shortest question may take."""

STANDS = timedelta(minutes=5)
"""A reader that has something to read and does not move for so long stands."""

WAITED = timedelta(minutes=15)
"""A mail that could leave leaves sooner."""

LAKE_LATE = timedelta(hours=3)
SKEW = 2.0
WORKERS = ("live", "bulk", "work")
MUCH_SLOW = 100
"""Slow statements a day that somebody should look at."""


def findings(house: Health, *, now: datetime, is_loading: bool = False) -> list[Finding]:
    """Return how each thing is; `is_loading` while the demo's story is told and workers have yet to begin."""
    found = [one for look in _LOOKS for one in look(house, now)]
    return [*_worker(house, now, is_loading=is_loading), *found]


def headline(found: Iterable[Finding]) -> Finding:
    """Sum findings up in one."""
    grades = [one.grade for one in found]
    broken, look = grades.count(Grade.BROKEN), grades.count(Grade.LOOK)
    if broken:
        words = ngettext("%(n)s thing is broken.", "%(n)s things are broken.", broken) % {"n": broken}
        return Finding("", Grade.BROKEN, words)
    if look:
        words = ngettext("%(n)s thing needs a look.", "%(n)s things need a look.", look) % {"n": look}
        return Finding("", Grade.LOOK, words)
    return Finding("", Grade.WELL, _("All is well."))


def _worker(house: Health, now: datetime, *, is_loading: bool) -> Iterator[Finding]:
    about, missing = _("Worker"), [part for part in WORKERS if not _alive(house, part)]
    if not missing:
        busy = [house.beats[part] for part in WORKERS if _long_at(house.beats[part], now)]
        words = _("All parts of the worker are at work.")
        if busy:
            words += " " + " ".join(
                _("%(part)s has been at %(job)s since %(at)s.")
                % {"part": one.part, "job": one.doing, "at": _at(one.doing_since or now)}
                for one in busy
            )
        yield Finding(about, Grade.WELL, words)
    elif is_loading:
        yield Finding(about, Grade.WELL, _("The demo company is being told; the worker begins after that."))
    elif len(missing) == len(WORKERS):
        seen = max((house.beats[part].seen_at for part in WORKERS if part in house.beats), default=None)
        words = (
            _("The worker has not been seen since %(at)s.") % {"at": _at(seen)}
            if seen
            else _("The worker has not been seen within a day.")
        )
        yield Finding(
            about,
            Grade.BROKEN,
            words,
            _("Start `orchard worker`: until then nothing is scored, offered or mailed."),
        )
    else:
        words = _("These parts of the worker are not seen: %(parts)s.") % {"parts": ", ".join(missing)}
        yield Finding(about, Grade.BROKEN, words, _("Start `orchard worker` anew, and look into its log."))


def _database(house: Health, _now: datetime) -> Iterator[Finding]:
    found, about = house.database, _("Database")
    facts = {"version": found.version, "ms": figure(found.milliseconds, 1), "size": _size(found.size)}
    words = _("PostgreSQL %(version)s answers within %(ms)s ms and holds %(size)s.") % facts
    if found.number < OLDEST_POSTGRES:
        yield Finding(
            about, Grade.BROKEN, words, _("Orchard needs PostgreSQL 15 or newer: upgrade the server.")
        )
    elif found.milliseconds > SLOW_ANSWER:
        yield Finding(
            about,
            Grade.LOOK,
            words,
            _("That is slow for the shortest question: look at the server's load and the way to it."),
        )
    else:
        yield Finding(about, Grade.WELL, words)
    if found.migrations:
        words = ngettext(
            "The database lacks %(n)s migration of this version.",
            "The database lacks %(n)s migrations of this version.",
            found.migrations,
        ) % {"n": found.migrations}
        yield Finding(_("Migrations"), Grade.BROKEN, words, _("Run `orchard migrate`."))
    else:
        yield Finding(_("Migrations"), Grade.WELL, _("The database is at this version."))


def _readers(house: Health, now: datetime) -> Iterator[Finding]:
    about, behind, stands = _("Readers of the ledger"), 0, False
    for reader in house.readers:
        waits = max(reader.live, reader.bulk)
        behind = max(behind, waits)
        since = reader.stands_since
        if not waits or (since and now - since < STANDS) or (since is None and reader.moved_at):
            continue
        stands = True
        if since is None:
            words = _("%(name)s has not read anything yet while %(n)s facts wait.")
        else:
            words = _("%(name)s has not moved for %(span)s while %(n)s facts wait.")
        facts = {"name": reader.name, "span": _span(now - since) if since else "", "n": figure(waits)}
        todo = _("See that the worker runs; if it does, its log says what holds this reader up.")
        yield Finding(about, Grade.BROKEN, words % facts, todo)
    if stands:
        return
    if behind:
        words = ngettext(
            "The last reader is %(n)s fact behind and moving.",
            "The last reader is %(n)s facts behind and moving.",
            behind,
        ) % {"n": figure(behind)}
    else:
        words = _("All of them have read to the end.")
    yield Finding(about, Grade.WELL, words)


def _stuck(house: Health, _now: datetime) -> Iterator[Finding]:
    if house.stuck_count:
        words = ngettext(
            "%(n)s contact is stuck; everybody else goes on.",
            "%(n)s contacts are stuck; everybody else goes on.",
            house.stuck_count,
        ) % {"n": house.stuck_count}
        todo = _("On the page Health read the error, mend its cause, and let an admin repeat it there.")
        yield Finding(_("Stuck contacts"), Grade.BROKEN, words, todo)
    else:
        yield Finding(_("Stuck contacts"), Grade.WELL, _("Nobody is stuck."))


def _outbox(house: Health, now: datetime) -> Iterator[Finding]:
    about, stands = _("What leaves the house"), house.outbox
    if not stands.open:
        words = _("The gate of the outbox is closed, so nothing leaves the house.")
        if stands.reason:
            words += " " + _("The reason: %(reason)s.") % {"reason": stands.reason.rstrip(".")}
        yield Finding(
            about, Grade.BROKEN, words, _("Open it once it is sure that this is the one live system.")
        )
    elif stands.oldest and now - stands.oldest > WAITED:
        words = ngettext(
            "%(n)s message waits, the oldest since %(at)s.",
            "%(n)s messages wait, the oldest since %(at)s.",
            stands.waiting,
        ) % {"n": figure(stands.waiting), "at": _at(stands.oldest)}
        todo = _("The page Health says why; see that the mail server and the worker are there.")
        yield Finding(about, Grade.LOOK, words, todo)
    else:
        words = (
            ngettext("%(n)s message is on its way.", "%(n)s messages are on their way.", stands.waiting)
            % {"n": figure(stands.waiting)}
            if stands.waiting
            else _("Nothing waits to leave.")
        )
        yield Finding(about, Grade.WELL, words)
    if stands.failed:
        words = ngettext(
            "%(n)s message was given up within a week.",
            "%(n)s messages were given up within a week.",
            stands.failed,
        ) % {"n": figure(stands.failed)}
        yield Finding(about, Grade.LOOK, words, _("The page Health says to whom and why."))


def _lake(house: Health, now: datetime) -> Iterator[Finding]:
    about, stands, behind = _("Lake"), house.lake, max(0, house.head - house.lake.pos)
    if stands.synced_at is None:
        yield Finding(about, Grade.WELL, _("There is none yet; the worker writes it."))
    elif behind and now - stands.synced_at > LAKE_LATE:
        facts = {"at": _at(stands.synced_at), "n": figure(behind)}
        words = (
            _("The lake was written last at %(at)s and lacks %(n)s facts, so reports tell of then.") % facts
        )
        yield Finding(
            about, Grade.LOOK, words, _("See that the worker's part `work` runs, or run `orchard lake sync`.")
        )
    else:
        facts = {"at": _at(stands.synced_at), "size": _size(stands.bytes), "n": figure(behind)}
        yield Finding(
            about, Grade.WELL, _("Written at %(at)s, %(size)s, %(n)s facts behind the ledger.") % facts
        )


def _machine(house: Health, _now: datetime) -> Iterator[Finding]:
    disk, memory = house.disk, house.memory
    facts = {"free": _size(disk.free), "total": _size(disk.total), "home": disk.home}
    words = _("%(free)s of %(total)s are free where %(home)s lies.") % facts
    grade = Grade.BROKEN if disk.is_full else Grade.LOOK if disk.is_low else Grade.WELL
    todo = _("Make room: when the disk is full, nothing can be written any more.")
    yield Finding(_("Disk"), grade, words, "" if grade is Grade.WELL else todo)
    if memory:
        ours = sum(beat.memory for beat in house.beats.values())
        facts = {"free": _size(memory.free), "total": _size(memory.total), "ours": _size(ours)}
        words = _("%(free)s of %(total)s are free; Orchard's processes hold %(ours)s.") % facts
        grade = Grade.LOOK if memory.is_low else Grade.WELL
        todo = _(
            "Stop what else runs here, or give the machine more: the system stops programs that find none."
        )
        yield Finding(_("Memory"), grade, words, todo if memory.is_low else "")


def _clocks(house: Health, _now: datetime) -> Iterator[Finding]:
    skew = house.database.skew
    if abs(skew) > SKEW:
        shape = _("The clock of the database is %(n)s s before this machine's.")
        if skew < 0:
            shape = _("The clock of the database is %(n)s s behind this machine's.")
        todo = _("Let both follow a time server (NTP): leases and deadlines trust them.")
        yield Finding(_("Clocks"), Grade.BROKEN, shape % {"n": figure(abs(skew), 0)}, todo)
    else:
        yield Finding(_("Clocks"), Grade.WELL, _("The clocks of database and machine agree."))


def _slow(house: Health, _now: datetime) -> Iterator[Finding]:
    about, times = _("Slow statements"), sum(one.times for one in house.slowest)
    if not times:
        yield Finding(about, Grade.WELL, _("None within a day."))
        return
    facts = {"n": figure(times), "ms": figure(house.slowest[0].worst_ms, 0)}
    words = ngettext(
        "%(n)s slow statement within a day, of %(ms)s ms.",
        "%(n)s slow statements within a day, the slowest of %(ms)s ms.",
        times,
    )
    todo = _("The page Health says which page or job they belong to.")
    much = times > MUCH_SLOW
    yield Finding(about, Grade.LOOK if much else Grade.WELL, words % facts, todo if much else "")


_LOOKS: tuple[Callable[[Health, datetime], Iterator[Finding]], ...] = (
    _database,
    _readers,
    _stuck,
    _outbox,
    _lake,
    _machine,
    _clocks,
    _slow,
)


def _alive(house: Health, part: str) -> bool:
    return part in house.beats and house.beats[part].alive > 0


def _long_at(beat: Beat, now: datetime) -> bool:
    return beat.doing_since is not None and now - beat.doing_since > timedelta(minutes=1)


def _at(moment: datetime) -> str:
    local = timezone.localtime(moment)
    today = local.date() == timezone.localdate()
    return dated(local, "H:i" if today else "j M Y, H:i")


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:  # noqa: PLR2004 - two hours
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": figure(minutes // 60)}


def _size(size: int) -> str:
    return str(filesizeformat(size)).replace("\xa0", " ")
