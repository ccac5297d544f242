"""The commands that work on the database as a whole."""

import argparse
import contextlib
from collections.abc import Iterator

from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from orchard.cli.types import Answer
from orchard.kit.errors import Refused


def migrate(_: argparse.Namespace) -> Answer:
    """Bring the database to this version."""
    count = _waiting()
    call_command("migrate", verbosity=0, interactive=False)
    return Answer({"applied": count}, f"{count} migrations applied.")


def check() -> None:
    """Refuse to work on a database that is not at this version."""
    if count := _waiting():
        raise Refused(f"The database lacks {count} migrations of this version. Run `orchard migrate` first.")


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """Say in a sentence that the database does not answer, or is not at this version."""
    try:
        yield
    except ProgrammingError:
        check()
        raise
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None):
            raise  # it did answer, with a fault of another sort
        raise Refused(f"The database does not answer: {str(error).strip().splitlines()[0]}") from error


def _waiting() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
