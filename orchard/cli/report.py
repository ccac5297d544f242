"""The command that prints a report."""

import argparse
from datetime import UTC, date, datetime, time, timedelta

from orchard.cli.types import Answer
from orchard.engine import lake
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports.queries.funnel import Funnel, Step, funnel_by_campaign
from orchard.reports.types import FIRST_DAY, LAST_DAY


def report(parsed: argparse.Namespace) -> Answer:
    """Print the funnel by campaign, of those who came in within the days given (UTC)."""
    if any(day and not FIRST_DAY <= day <= LAST_DAY for day in (parsed.since, parsed.until)):
        raise Refused("The funnel tells of days between the years 1900 and 2200.")
    if parsed.since and parsed.until and parsed.until < parsed.since:
        raise Refused("The last day lies before the first. Give them the other way round.")
    lake.sync(now=clock.now())
    found = funnel_by_campaign(
        now=clock.now(),
        since=_midnight(parsed.since) if parsed.since else None,
        until=_midnight(parsed.until + timedelta(days=1)) if parsed.until else None,
    )
    return Answer(found.data(), _table(found))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


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
