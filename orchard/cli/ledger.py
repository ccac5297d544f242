"""The commands that work on the ledger."""

import argparse
import time

from orchard import flow
from orchard.agreement import jobs as agreement
from orchard.cli.types import Answer, Progress
from orchard.interactions import actions, jobs, queries
from orchard.kit import clock
from orchard.segments import jobs as segments


def drain(_: argparse.Namespace) -> Answer:
    """Run all consumers until the ledger is read to its end."""
    begun, progress = time.monotonic(), Progress("facts placed")
    facts = jobs.read_to_the_end(flow.CONSUMERS, progress=progress)
    progress.end()
    data = {"facts": facts, "seconds": round(time.monotonic() - begun, 3), "stuck": queries.stuck_count()}
    return Answer(data, f"{facts:,} facts in {data['seconds']} s; {data['stuck']} contacts stuck.")


def rebuild(_: argparse.Namespace) -> Answer:
    """Drop and rebuild every projection."""
    begun, progress = time.monotonic(), Progress("facts read")
    while agreement.due(clock.now()):
        actions.drain(flow.CONSUMERS)
    segments.count(clock.now())
    segments.turn_due(clock.now())
    rebuilt = actions.rebuild(flow.CONSUMERS, progress=progress)
    progress.end()
    seconds = round(time.monotonic() - begun, 3)
    return Answer(
        {"facts": rebuilt.facts, "seconds": seconds, "differences": rebuilt.differences},
        f"Every projection rebuilt from {rebuilt.facts:,} facts in {seconds} s; {rebuilt.differences:,} rows differ.",
    )
