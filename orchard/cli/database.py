"""The commands that work on the database as a whole."""

import argparse
import contextlib
from collections.abc import Iterator

from django.core.management import call_command
from django.db import OperationalError, ProgrammingError

from orchard.cli.types import Answer
from orchard.kit.errors import Refused
from orchard.reports.queries import migrations_waiting


def migrate(_: argparse.Namespace) -> Answer:
    """Bring the database to this version."""
    count = migrations_waiting()
    call_command("migrate", verbosity=0, interactive=False)
    return Answer({"applied": count}, f"{count} migrations applied.")


def check() -> None:
    """Refuse to work on a database that is not at this version."""
    if count := migrations_waiting():
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
