"""The commands that work on the ledger."""

import argparse
import time

from orchard import flow
from orchard.cli.types import Answer, Progress
from orchard.interactions import actions, queries


def drain(_: argparse.Namespace) -> Answer:
    """Run all consumers until the ledger is read to its end."""
    begun, progress = time.monotonic(), Progress("facts placed")
    facts = actions.drain(flow.CONSUMERS, progress=progress)
    progress.end()
    data = {"facts": facts, "seconds": round(time.monotonic() - begun, 3), "stuck": queries.stuck_count()}
    return Answer(data, f"{facts:,} facts in {data['seconds']} s; {data['stuck']} contacts stuck.")


def rebuild(_: argparse.Namespace) -> Answer:
    """Drop and rebuild every projection."""
    begun, progress = time.monotonic(), Progress("facts read")
    facts = actions.rebuild(flow.CONSUMERS, progress=progress)
    progress.end()
    data = {"facts": facts, "seconds": round(time.monotonic() - begun, 3)}
    return Answer(data, f"Every projection rebuilt from {facts:,} facts in {data['seconds']} s.")
