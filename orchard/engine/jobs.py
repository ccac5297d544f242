"""Keep the lake near the end of the ledger, so that a page reads only a short tail from PostgreSQL."""

from datetime import datetime

from django.db import connection

from orchard.engine import catalogue, lake

TAIL = 50_000
"""So many facts may lie beyond the lake."""


def keep_up(now: datetime) -> int:
    """Bring the lake up to the ledger and delete what was replaced: what somebody erased leaves its files too."""
    lake.forget_old()
    return lake.sync(now=now).rows


def follow(now: datetime) -> int:
    """Bring the lake up to date once it lacks more than a short tail; return how many facts it lacked."""
    with connection.cursor() as cursor:
        cursor.execute(catalogue.installed().head)
        behind = int(cursor.fetchone()[0]) - lake.files_of().settled
    if behind <= TAIL:
        return 0
    lake.sync(now=now)
    return behind
