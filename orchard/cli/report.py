"""The command that prints a report."""

import argparse

from orchard.cli.types import Answer
from orchard.kit import clock
from orchard.reports.queries.funnel import Funnel, Step, funnel_by_campaign


def report(_: argparse.Namespace) -> Answer:
    """Print the funnel by campaign."""
    found = funnel_by_campaign(now=clock.now())
    return Answer(found.data(), _table(found))


def _table(found: Funnel) -> str:
    head = (
        f"{'campaign':32} {'entered':>9} {'qualified':>9} {'skipped':>9} {'won':>7} {'share':>7} {'early':>6}"
    )
    lines = [head, *(_line(row) for row in found.rows), _line(found.total)]
    return "\n".join([*lines, f"As of place {found.pos:,} of the ledger."])


def _line(row: Step) -> str:
    name = (row.campaign or "(source not known)")[:32]
    counts = f"{row.entered:9,} {row.qualified:9,} {row.skipped:9,} {row.won:7,}"
    return f"{name:32} {counts} {row.won_share:7.1%} {row.early:6,}"
