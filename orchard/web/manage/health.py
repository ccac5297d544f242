"""The page that says in words how Orchard is: database, ledger and its readers, what is stuck, mail, disk."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from itertools import groupby

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from orchard.interactions import actions, queries
from orchard.interactions.types import Consumer, Lane
from orchard.kit.errors import NotFound
from orchard.outbox import queries as outbox
from orchard.web import permissions
from orchard.web.request import member_of
from orchard.web.ui import toasts

LOW_DISK = 0.1  # share of the disk that should stay free


@dataclass(frozen=True, slots=True)
class Reader:
    """How far one consumer is."""

    name: str
    says: str
    live: int
    bulk: int
    moved_at: object


@dataclass(frozen=True, slots=True)
class Database:
    """What answers, how fast (milliseconds), how large (bytes)."""

    version: str
    milliseconds: float
    size: int


@require_GET
def show(request: HttpRequest, consumers: Sequence[Consumer]) -> HttpResponse:
    """Show how Orchard is."""
    disk = shutil.disk_usage(settings.ORCHARD_HOME)
    return render(
        request,
        "manage/health.html",
        {
            "database": _database(),
            "head": queries.head(),
            "unplaced": queries.unplaced(),
            "readers": _readers(consumers),
            "stuck": queries.stuck(),
            "stuck_count": queries.stuck_count(),
            "outbox": outbox.standing(),
            "troubles": outbox.troubles(),
            "disk": disk,
            "disk_low": disk.free < LOW_DISK * disk.total,
            "home": settings.ORCHARD_HOME,
            "version": metadata.version("orchard"),
            "may_retry": permissions.may_open(member_of(request), "health:retry"),
        },
    )


@require_POST
def retry(request: HttpRequest, stuck_id: int, consumers: Sequence[Consumer]) -> HttpResponse:
    """Let a consumer digest a stuck contact's facts again."""
    stuck = next((each for each in queries.stuck() if each.id == stuck_id), None)
    consumer = next((each for each in consumers if stuck and each.name == stuck.consumer), None)
    if stuck is None or consumer is None:
        raise NotFound(_("This is not stuck any more."))
    actions.retry(consumer, stuck_id)
    if any(each.id == stuck_id for each in queries.stuck()):
        toasts.warn(request, _("Still stuck; the error is shown below."))
    else:
        toasts.say(request, _("Done: nothing of this contact is stuck there any more."))
    return redirect("health:show")


def _database() -> Database:
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    return Database(version.split()[0], (time.perf_counter() - begun) * 1000, size)


def _readers(consumers: Sequence[Consumer]) -> list[Reader]:
    lags = {name: list(lanes) for name, lanes in groupby(queries.lag(), key=lambda lag: lag.consumer)}
    head = queries.head()
    readers = []
    for consumer in consumers:
        lanes = {lag.lane: lag for lag in lags.get(consumer.name, [])}
        behind = {lane: lanes[lane].behind if lane in lanes else head for lane in Lane}
        moved = [lag.moved_at for lag in lanes.values() if lag.moved_at]
        readers.append(
            Reader(
                consumer.name,
                consumer.says,
                behind[Lane.LIVE],
                behind[Lane.BULK],
                max(moved) if moved else None,
            )
        )
    return readers
