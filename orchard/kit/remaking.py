"""Whether what is derived is being made anew just now: whoever acts on it waits until that is done."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from orchard.kit.errors import Conflict

LOCK = 7_202_604
"""The advisory lock of PostgreSQL: held alone by who makes anew, shared by who acts on what is derived."""

_PATIENCE = "10min"


@contextmanager
def alone() -> Iterator[None]:
    """Hold off everybody who acts on what is derived, in every process; waits for those who are at it.

    Raises Conflict where they take longer than ten minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [_PATIENCE])
        try:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        except OperationalError as error:
            raise Conflict(
                "Something long is under way, such as an import. Wait until it is done, or cancel it, and try again."
            ) from error
        finally:
            cursor.execute("RESET lock_timeout")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def beside() -> Iterator[bool]:
    """Hold off who would make anew; False, and then nothing may be done, while somebody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock_shared(%s)", [LOCK])
        may = bool(cursor.fetchone()[0])
    try:
        yield may
    finally:
        if may:
            # A connection that broke has let go of it by itself.
            with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [LOCK])


def is_under_way() -> bool:
    """Tell whether another session makes anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT pg_try_advisory_xact_lock_shared(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
