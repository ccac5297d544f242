"""The command that makes the demo company."""

import argparse
from datetime import UTC, datetime

from orchard import flow
from orchard.cli.types import Answer, Progress
from orchard.demo import actions, queries
from orchard.demo.types import Size
from orchard.interactions import queries as ledger
from orchard.kit import clock, processes
from orchard.kit.errors import Refused
from orchard.leads import queries as leads


def demo(given: argparse.Namespace) -> Answer:
    """Make the company in an empty installation, or finish one that was begun."""
    if given.follow:
        processes.follow(given.follow)
    until = _day(given.until)
    progress = Progress("of 78 weeks told")
    begun = queries.loading()
    if begun is None:
        actions.found(size=Size(given.size), seed=given.seed, until=until)
    people = actions.load(consumers=flow.CONSUMERS, progress=progress)
    progress.end()
    waiting = leads.counts(now=clock.now())
    data = {
        "contacts": people,
        "interactions": ledger.head(),
        "leads": waiting.fresh + waiting.stale,
    }
    return Answer(
        data,
        f"{data['contacts']:,} contacts, {data['interactions']:,} facts, {data['leads']:,} leads waiting.",
    )


def _day(text: str | None) -> datetime:
    """Return the end of the story: the beginning of the day given, or of today, in UTC."""
    if text is None:
        return clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(f"--until {text} is no date; write it as 2026-11-22.") from None
