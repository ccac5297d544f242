"""What the state of the running house means: a sentence for each thing, and what to do where it is not well."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orchard.kit.languages import dated, figure
from orchard.kit.words import said
from orchard.reports.queries.health.house import Health, Reader
from orchard.reports.queries.health.words import beside, part_named, work_named
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
"""So many times a day may people wait for a page whose statement was slow."""


def findings(house: Health, *, now: datetime, is_loading: bool = False) -> list[Finding]:
    """Return how each thing is; `is_loading` while the demo's story is told and workers have yet to begin."""
    found = [one for look in _LOOKS for one in look(house, now)]
    return [*_worker(house, now, is_loading=is_loading), *found]


def headline(found: Iterable[Finding]) -> Finding:
    """Sum findings up in one that names what is the matter."""
    found = list(found)
    broken = _things(found, Grade.BROKEN)
    look = [about for about in _things(found, Grade.LOOK) if about not in broken]
    words = []
    if broken:
        shape = ngettext(
            "%(n)s thing is broken: %(things)s.", "%(n)s things are broken: %(things)s.", len(broken)
        )
        words.append(shape % {"n": len(broken), "things": ", ".join(broken)})
    if look:
        shape = ngettext(
            "%(n)s thing needs a look: %(things)s.", "%(n)s things need a look: %(things)s.", len(look)
        )
        words.append(shape % {"n": len(look), "things": ", ".join(look)})
    grade = Grade.BROKEN if broken else Grade.LOOK if look else Grade.WELL
    return Finding("", grade, " ".join(words) or _("All is well."))


def _things(found: Iterable[Finding], grade: Grade) -> list[str]:
    return list(dict.fromkeys(one.about for one in found if one.grade is grade))


def _worker(house: Health, now: datetime, *, is_loading: bool) -> Iterator[Finding]:
    about, missing = _("Worker"), [part for part in WORKERS if not _alive(house, part)]
    if not missing:
        busy = [house.beats[part] for part in WORKERS if _long_at(house.beats[part], now)]
        words = _("All parts of the worker are at work.")
        if busy:
            words += " " + " ".join(
                _("Since %(at)s it has been busy with %(job)s.")
                % {"job": _job(one), "at": _at(one.doing_since or now)}
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
        parts = ", ".join(map(part_named, missing))
        words = _("These parts of the worker are not seen: %(parts)s.") % {"parts": parts}
        todo = _(
            "What they do is left undone. Start `orchard worker` anew; why they ended stands in its log."
        )
        yield Finding(about, Grade.BROKEN, words, todo)


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
    about, behind = _("Readers of the ledger"), max((_waits(one) for one in house.readers), default=0)
    stand = [one for one in house.readers if _stands(one, now)]
    if len(stand) > 1 and len(stand) == len(house.readers):
        begun = [one.stands_since for one in stand if one.stands_since]
        if begun:
            words = _("None of them has moved for %(span)s while up to %(n)s facts wait.")
        else:
            words = _("None of them has read anything yet while up to %(n)s facts wait.")
        facts = {"span": _span(now - min(begun)) if begun else "", "n": figure(behind)}
        todo = _(
            "Whatever happens leads to nothing until they do. See that the worker runs; its log says more."
        )
        yield Finding(about, Grade.BROKEN, words % facts, todo)
        return
    for reader in stand:
        since = reader.stands_since
        if since is None:
            words = _("%(name)s has not read anything yet while %(n)s facts wait.")
        else:
            words = _("%(name)s has not moved for %(span)s while %(n)s facts wait.")
        facts = {
            "name": beside(said(reader.named), reader.name),
            "span": _span(now - since) if since else "",
            "n": figure(_waits(reader)),
        }
        todo = _("See that the worker runs; if it does, its log says what holds this reader up.")
        yield Finding(about, Grade.BROKEN, words % facts, f"{said(reader.lacks)} {todo}".strip())
    if stand:
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
            "Orchard could not work through what happened with %(n)s contact; for everybody else all goes on.",
            "Orchard could not work through what happened with %(n)s contacts; for everybody else all goes on.",
            house.stuck_count,
        ) % {"n": house.stuck_count}
        todo = _(
            "Under “Stuck contacts” on the page Health stands who that is and what their teams miss; there an admin"
            " tries again."
        )
        yield Finding(_("Stuck contacts"), Grade.BROKEN, words, todo)
    else:
        yield Finding(_("Stuck contacts"), Grade.WELL, _("What happened is worked through for everybody."))


def _outbox(house: Health, now: datetime) -> Iterator[Finding]:
    about, stands = _("What leaves the house"), house.outbox
    if not stands.open:
        words = _("The gate of the outbox is closed, so nothing leaves the house.")
        if stands.reason:
            words += " " + _("The reason: %(reason)s.") % {"reason": said(stands.reason).rstrip(".")}
        yield Finding(
            about, Grade.BROKEN, words, _("Open it once it is sure that this is the one live system.")
        )
    elif stands.oldest and now - stands.oldest > WAITED:
        words = ngettext(
            "%(n)s message waits, the oldest since %(at)s.",
            "%(n)s messages wait, the oldest since %(at)s.",
            stands.waiting,
        ) % {"n": figure(stands.waiting), "at": _at(stands.oldest)}
        todo = _(
            "Under “Mails that did not leave” on the page Health stands why; see that the mail server and the worker"
            " are there."
        )
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
        todo = _(
            "They do not leave any more. Under “Mails that did not leave” on the page Health stands to whom and why."
        )
        yield Finding(_("Mails given up"), Grade.LOOK, words, todo)


def _lake(house: Health, now: datetime) -> Iterator[Finding]:
    about, stands, behind = _("Copy for reports"), house.lake, max(0, house.head - house.lake.pos)
    if stands.synced_at is None:
        yield Finding(about, Grade.WELL, _("There is none yet; the worker writes it."))
    elif behind and now - stands.synced_at > LAKE_LATE:
        facts = {"at": _at(stands.synced_at), "n": figure(behind)}
        words = (
            _(
                "The copy that reports read is of %(at)s and lacks %(n)s facts: reports take longer to find these."
            )
            % facts
        )
        yield Finding(
            about,
            Grade.LOOK,
            words,
            _(
                "See that the worker's part `work` runs: it writes the copy. `orchard lake sync` writes it at once."
            ),
        )
    else:
        facts = {"at": _at(stands.synced_at), "size": _size(stands.bytes), "n": figure(behind)}
        yield Finding(
            about, Grade.WELL, _("Written at %(at)s, %(size)s; %(n)s facts have happened since.") % facts
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
    about = _("Slow answers")
    waited = [one for one in house.slowest if ":" in one.place]
    times = sum(one.times for one in waited)
    if times > MUCH_SLOW:
        words = _("Within a day people waited for a page %(n)s times, for up to %(seconds)s seconds.")
        facts = {"n": figure(times), "seconds": figure(max(one.worst_ms for one in waited) / 1000, 1)}
        todo = _(
            "Nothing is lost. Under “Slow answers” on the page Health stands which pages; show that to who looks after"
            " the database."
        )
        yield Finding(about, Grade.LOOK, words % facts, todo)
    elif times:
        words = ngettext(
            "Within a day people waited for a page %(n)s time, for %(seconds)s seconds; there is nothing to do.",
            "Within a day people waited for a page %(n)s times, for up to %(seconds)s seconds; there is nothing to do.",
            times,
        )
        facts = {"n": figure(times), "seconds": figure(max(one.worst_ms for one in waited) / 1000, 1)}
        yield Finding(about, Grade.WELL, words % facts)
    elif house.slowest:
        words = _("Within a day nobody waited for a page; only work that nobody waits for took long.")
        yield Finding(about, Grade.WELL, words)
    else:
        yield Finding(about, Grade.WELL, _("Within a day the database answered everything quickly."))


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


def _waits(reader: Reader) -> int:
    return max(reader.live, reader.bulk)


def _stands(reader: Reader, now: datetime) -> bool:
    """Tell whether it has something to read and does not."""
    since = reader.stands_since
    return bool(_waits(reader)) and (now - since >= STANDS if since else reader.moved_at is None)


def _job(beat: Beat) -> str:
    words = work_named(beat.doing)
    return beside(words, beat.doing) if words else beat.doing


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
