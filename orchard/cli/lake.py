"""The command that brings the lake up to the ledger."""

import argparse

from orchard.cli.types import Answer
from orchard.engine import lake
from orchard.kit import clock


def sync(_: argparse.Namespace) -> Answer:
    """Write what the lake lacks."""
    synced = lake.sync(now=clock.now())
    data = {"rows": synced.rows, "files": synced.files, "bytes": synced.bytes, "seconds": synced.seconds}
    return Answer(data, f"{synced.rows:,} facts in {synced.files} files, {synced.bytes / 1e6:.1f} MB.")
