"""The command that makes the demo company."""

import argparse
from datetime import UTC, datetime

from orchard import flow
from orchard.cli.types import Answer, Progress
from orchard.demo import actions, queries
from orchard.demo.models import Loading
from orchard.demo.types import Size
from orchard.interactions import queries as ledger
from orchard.kit import clock, processes
from orchard.kit.errors import Refused
from orchard.leads import queries as leads

# The company that everybody meets first.
SEED = 7


def demo(given: argparse.Namespace) -> Answer:
    """Make the company in an empty installation, or finish one that was begun."""
    if given.follow:
        processes.follow(given.follow)
    begun = queries.loading()
    if begun is None:
        actions.found(
            size=Size(given.size or Size.SMALL),
            seed=SEED if given.seed is None else given.seed,
            until=_day(given.until) or clock.now().replace(hour=0, minute=0, second=0, microsecond=0),
        )
    else:
        _refuse_another(begun, given)
    people = _load()
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


def _load() -> int:
    """Tell the story to its end; who stops it hears how far it is."""
    progress = Progress("of 78 weeks told")
    try:
        return actions.load(consumers=flow.CONSUMERS, progress=progress)
    except KeyboardInterrupt:
        stopped = queries.loading()
        weeks = f"{stopped.week} of {stopped.weeks} weeks are" if stopped else "Nothing is"
        raise Refused(f"Stopped: {weeks} told. The same command tells the rest.") from None
    finally:
        progress.end()


def _refuse_another(begun: Loading, given: argparse.Namespace) -> None:
    """Refuse to go on with one company where another one is asked for."""
    until = _day(given.until)
    is_same = (
        given.size in (None, begun.size) and given.seed in (None, begun.seed) and until in (None, begun.until)
    )
    if not is_same:
        raise Refused(
            f"This installation has the demo company already: size {begun.size}, seed {begun.seed}, until"
            f" {begun.until:%Y-%m-%d}. Leave these out to finish it, or choose another ORCHARD_HOME."
        )


def _day(text: str | None) -> datetime | None:
    """Return the beginning of a day, in UTC: the end of the story."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(f"--until {text} is no date; write it as 2026-11-22.") from None
