"""The commands that work on the database as a whole."""

import argparse

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from orchard.cli.types import Answer


def migrate(_: argparse.Namespace) -> Answer:
    """Bring the database to this version."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    call_command("migrate", verbosity=0, interactive=False)
    return Answer({"applied": len(waiting)}, f"{len(waiting)} migrations applied.")
