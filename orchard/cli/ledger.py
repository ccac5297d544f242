"""The commands that work on the ledger."""

import argparse
import time
from collections.abc import Mapping

from orchard import flow
from orchard.agreement import jobs as agreement
from orchard.cli.types import Answer, Progress
from orchard.engine import lake
from orchard.interactions import actions, jobs, queries
from orchard.kit import clock, remaking
from orchard.segments import jobs as segments


def drain(_: argparse.Namespace) -> Answer:
    """Run all consumers until the ledger is read to its end."""
    begun, progress = time.monotonic(), Progress("facts placed")
    facts = jobs.read_to_the_end(flow.CONSUMERS, progress=progress)
    progress.end()
    data = {"facts": facts, "seconds": round(time.monotonic() - begun, 3), "stuck": queries.stuck_count()}
    return Answer(data, f"{facts:,} facts in {data['seconds']} s; {data['stuck']} contacts stuck.")


def rebuild(_: argparse.Namespace) -> Answer:
    """Drop and rebuild every projection: those that consumers keep, then the lake."""
    begun, progress, first = time.monotonic(), Progress("facts read"), queries.head()
    with remaking.alone():
        while agreement.due(clock.now()):
            actions.drain(flow.CONSUMERS)
        segments.count(clock.now())
        segments.turn_due(clock.now())
        rebuilt = actions.rebuild(flow.CONSUMERS, progress=progress)
        progress.end()
        remade = lake.remake(now=clock.now())
    data = {
        "facts": rebuilt.facts,
        "seconds": round(time.monotonic() - begun, 3),
        "differences": rebuilt.differences + remade.differences,
        "meanwhile": queries.head() - first,
    }
    return Answer(data, _rebuilt(data))


def _rebuilt(data: Mapping[str, float]) -> str:
    said = (
        f"Every projection rebuilt from {data['facts']:,} facts in {data['seconds']} s;"
        f" {data['differences']:,} rows differ."
    )
    if not data["meanwhile"]:
        return said
    return f"{said} {data['meanwhile']:,} facts came meanwhile, and what they changed is among these."
