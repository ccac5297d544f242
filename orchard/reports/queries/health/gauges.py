"""How the house stands as figures: a few quick questions at each scrape, and labels of which there are few."""

import shutil
from datetime import datetime

from django.conf import settings
from django.db import connection

from orchard.engine import lake
from orchard.interactions import queries as ledger
from orchard.leads import queries as leads
from orchard.outbox import queries as outbox
from orchard.reports.queries.health.findings import WORKERS
from orchard.reports.queries.health.house import memory_of_machine
from orchard.reports.types import Gauge
from orchard.watch import queries as watch


def gauges(*, now: datetime) -> list[Gauge]:
    """Return every figure as of now."""
    return [*_ledger(now), *_outbox(), *_leads(now), *_machine(), *_processes(now)]


def _ledger(now: datetime) -> list[Gauge]:
    head, unread = ledger.head(), ledger.oldest_unread()
    lags = ledger.lag(head)
    stood = lake.standing()

    def seconds(consumer: str, lane: str) -> float:
        since = unread.get((consumer, lane))
        return max(0.0, (now - since).total_seconds()) if since else 0.0

    by = ("consumer", "lane")
    return [
        Gauge("orchard_ledger_head", "The last place given in the ledger.", {(): head}),
        Gauge("orchard_ledger_unplaced", "Batches of facts that wait for a place.", {(): ledger.unplaced()}),
        Gauge(
            "orchard_consumer_behind_facts",
            "Places of the ledger that a consumer has yet to read.",
            {(each.consumer, each.lane): each.behind for each in lags},
            by,
        ),
        Gauge(
            "orchard_consumer_behind_seconds",
            "Age of the oldest fact that a consumer has yet to read.",
            {(each.consumer, each.lane): seconds(each.consumer, each.lane) for each in lags},
            by,
        ),
        Gauge(
            "orchard_stuck_contacts", "Contacts that a consumer could not digest.", {(): ledger.stuck_count()}
        ),
        Gauge("orchard_lake_behind_facts", "Places that the lake lacks.", {(): max(0, head - stood.pos)}),
        Gauge("orchard_lake_bytes", "Size of the lake.", {(): stood.bytes}),
    ]


def _outbox() -> list[Gauge]:
    stands = outbox.standing()
    return [
        Gauge("orchard_outbox_waiting", "Messages that wait to leave.", {(): stands.waiting}),
        Gauge("orchard_outbox_failed", "Messages that were given up.", {(): stands.failed}),
        Gauge("orchard_outbox_gate_open", "Whether anything may leave the house.", {(): stands.open}),
    ]


def _leads(now: datetime) -> list[Gauge]:
    stands = leads.standing(now=now)
    by_state: dict[tuple[str, ...], float] = {(state,): float(n) for state, n in stands.by_state.items()}
    return [
        Gauge("orchard_leads", "Leads that are not over, by state.", by_state, ("state",)),
        Gauge(
            "orchard_offers_overdue",
            "Offers whose clock ran out and that have not ended.",
            {(): stands.overdue},
        ),
    ]


def _machine() -> list[Gauge]:
    disk, memory = shutil.disk_usage(settings.ORCHARD_HOME), memory_of_machine()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone()
    return [
        Gauge("orchard_database_bytes", "Size of the database.", {(): size}),
        Gauge("orchard_disk_bytes", "Size of the disk that holds ORCHARD_HOME.", {(): disk.total}),
        Gauge("orchard_disk_free_bytes", "What is free of it.", {(): disk.free}),
        *(
            [Gauge("orchard_memory_free_bytes", "What is free of this machine's memory.", {(): memory.free})]
            if memory
            else []
        ),
    ]


def _processes(now: datetime) -> list[Gauge]:
    beats = watch.beats(now=now)
    busy: dict[tuple[str, ...], float] = {
        (beat.part, beat.doing): (now - beat.doing_since).total_seconds()
        for beat in beats.values()
        if beat.doing_since
    }
    return [
        Gauge(
            "orchard_processes",
            "Processes that were alive within the last minute, by part of the house.",
            {(part,): beats[part].alive if part in beats else 0 for part in {*WORKERS, *beats}},
            ("part",),
        ),
        Gauge(
            "orchard_process_memory_bytes",
            "Memory that they hold together.",
            {(part,): beat.memory for part, beat in beats.items()},
            ("part",),
        ),
        Gauge(
            "orchard_heartbeat_seconds",
            "How long ago a part of the house was last alive.",
            {(part,): (now - beat.seen_at).total_seconds() for part, beat in beats.items()},
            ("part",),
        ),
        Gauge(
            "orchard_job_seconds",
            "How long a worker has been at the job that it does.",
            busy,
            ("part", "job"),
        ),
    ]
