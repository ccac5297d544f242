"""The command that assesses everybody anew."""

import argparse

from django.conf import settings

from orchard.agreement import actions
from orchard.cli.types import Answer, Progress
from orchard.kit import clock


def refresh(given: argparse.Namespace) -> Answer:
    """Assess everybody by the version in force and write what differs."""
    progress = Progress("rows")
    found = actions.refresh(
        now=clock.now(),
        engine=given.engine or settings.ORCHARD_ENGINE,
        progress=lambda _, rows: progress(rows),
    )
    progress.end()
    data = {
        "contacts": found.contacts,
        "interactions": found.interactions,
        "changed": found.changed,
        "seconds": round(found.seconds, 3),
        "engine": found.engine,
    }
    return Answer(
        data,
        f"{found.contacts:,} contacts assessed from {found.interactions:,} facts in {found.seconds:.1f} s: "
        f"{found.changed:,} changed.",
    )
