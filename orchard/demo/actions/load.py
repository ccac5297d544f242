"""How the story is told on: part by part through the rooms' actions, from where an earlier try was stopped."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from orchard.agreement import actions as agreement
from orchard.campaigns import actions as campaigns
from orchard.campaigns.queries import tree as campaign_tree
from orchard.campaigns.types import Status
from orchard.contacts import queries as people
from orchard.demo import story
from orchard.demo.actions.found import sign
from orchard.demo.actions.living import SOURCE, UNKNOWN, Crowd, live
from orchard.demo.actions.selling import Sales
from orchard.demo.models import Loading
from orchard.demo.types import Size
from orchard.interactions import actions as ledger
from orchard.interactions.types import Consumer
from orchard.kit import clock
from orchard.kit.errors import Conflict

_LOCK = 7_202_603

_SITS_DOWN_AFTER = timedelta(minutes=30)


def load(*, consumers: Sequence[Consumer], progress: Callable[[int], None] | None = None) -> int:
    """Tell the rest of the story, from where an earlier try was stopped; return how many contacts there are.

    `progress` hears how many weeks are told. The clock stands where the story is, so nobody else may read the ledger
    meanwhile.
    """
    loading = Loading.objects.get()
    with _alone():
        crowd = _crowd()
        if loading.finished_at is None:
            _tell_on(loading, crowd, consumers, progress)
    return len(crowd) - crowd.count(UNKNOWN)


@contextmanager
def _alone() -> Iterator[None]:
    """Let nobody else tell the story meanwhile, and no commit wait for the disk: what a crash loses is told again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Conflict("Another process tells the demo's story just now. Wait until it is done.")
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    except BaseException:
        connection.close()  # who stops it may do so in the middle of a command; lock and setting end with the session
        raise
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _crowd() -> Crowd:
    """Return the contact that each person of the story is by now, by their place in it."""
    known = {int(place): contact for place, contact in people.ids_in(SOURCE).items()}
    crowd = array("q", [UNKNOWN]) * (max(known, default=-1) + 1)
    for place, contact in known.items():
        crowd[place] = contact
    return crowd


def _tell_on(
    loading: Loading, crowd: Crowd, consumers: Sequence[Consumer], progress: Callable[[int], None] | None
) -> None:
    size = Size(loading.size)
    sales = Sales(seed=loading.seed, size=size)
    told = loading.told_until
    for part in story.tell(seed=loading.seed, until=loading.until, size=size, since=told):
        with clock.at(part.end):
            live(part, crowd)
            if part.week >= story.calendar.SECOND_VERSION:
                _sign_anew(part.end)
            agreement.tell_due(now=part.end)
            ledger.drain(consumers)
        if not part.is_last:
            with clock.at(part.end + _SITS_DOWN_AFTER):
                sales.sit_down(part, crowd, now=part.end + _SITS_DOWN_AFTER)
        if progress:
            progress(part.week)
    with clock.at(loading.until):
        _finish_campaigns(loading.until)
        agreement.refresh(now=loading.until, faded=True)
        ledger.drain(consumers)
    Loading.objects.update(week=loading.weeks, finished_at=clock.now())


def _sign_anew(now: datetime) -> None:
    """Let the second version come into force, and everybody be assessed by it, unless that was before."""
    if sign(2, now=now):
        agreement.refresh(now=now)


def _finish_campaigns(until: datetime) -> None:
    """Let the campaigns that the story has left behind be over."""
    for each in campaign_tree(counted=False):
        if each.ends_on and each.ends_on < until.date():
            campaigns.change_campaign(
                campaign_id=each.id, values={"status": Status.DONE}, now=until, actor_id=None
            )
