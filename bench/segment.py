"""Promise: twelve nested conditions, four of what somebody did, are counted over everybody in at most three seconds."""

import time
from pathlib import Path

import duckdb
import yaml
from django.db import transaction

from bench import company, facts
from bench.figures import LOWER, Figure, rounded
from bench.ground import Ground, middle, say
from bench.large import large
from orchard.agreement.queries.computing import THREADS
from orchard.engine.lake import files_of
from orchard.interactions.actions import append
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.segments import actions
from orchard.team.models import Member

TIMES = 3

# Twelve conditions, three of them in a segment that this one names: four of what somebody did, eight of who it is.
DECIDERS = {
    "all": [
        {"field": "contact.seniority", "in": ["director", "vp", "owner"]},
        {"field": "account.employees", "gt": 20},
        {"not": {"field": "contact.country", "in": ["US", "GB"]}},
    ]
}
CONDITION = {
    "all": [
        {
            "any": [
                {"segment": "deciders"},
                {"all": [{"field": "contact.title", "contains": "Purchasing"},
                         {"field": "account.industry", "in": ["food", "retail", "pharma"]}]},
            ]
        },
        {
            "any": [
                {"did": ["show.visited", "webinar.attended"], "within_days": 180},
                {"did": ["email.clicked"], "within_days": 90, "at_least": 2},
                {"all": [{"did": ["content.downloaded"], "at_least": 1,
                          "where": {"field": "content.type", "is": "case_study"}},
                         {"field": "contact.country", "in": ["AT", "DE"]}]},
            ]
        },
        {"not": {"did": ["quote.requested"], "within_days": 400}},
        {"any": [{"field": "account.industry", "is": "logistics"}, {"field": "contact.created_at", "within_days": 900},
                 {"field": "contact.is_competitor", "empty": True}]},
    ]
}  # fmt: skip


def measure(here: Ground) -> list[Figure]:
    """Count by the command, each time with a fact committed just before; between, scan the facts' kinds alone."""
    with here.clone(large(here)):
        facts.read_to_the_end()
        member = Member.objects.get(email=company.SIGNERS[0][0])
        actions.create(name="Deciders", condition=DECIDERS, actor_id=member.pk, now=clock.now())
        file = here.home / "condition.yaml"
        file.write_text(yaml.safe_dump(CONDITION))
        seconds, bare = [], []
        for number in range(TIMES):
            seconds.append(_counted(here, file))
            bare.append(scanned())
            say(f"  {number + 1} of {TIMES}: {seconds[-1]:.2f} s, the kinds alone {bare[-1]:.2f} s")
    return [Figure("seconds", rounded(middle(seconds)), "s", LOWER, 3, rounded(middle(bare)))]


def _counted(here: Ground, file: Path) -> float:
    """Let somebody who fits ask for a quote, count, and hold the count to that and to the ids that are listed."""
    before = here.orchard("segment", "members", file)["contact_ids"]
    with transaction.atomic():
        append([NewFact("quote.requested", clock.now(), contact_id=before[0])], now=clock.now())
    found = here.orchard("segment", "count", file)
    if found["count"] != len(before) - 1:
        raise Refused(
            f"{found['count']:,} fit where {len(before) - 1:,} do: a fact just committed was not seen."
        )
    return float(found["seconds"])


def scanned() -> float:
    """Return how many seconds DuckDB takes to look at the kind of every fact in the lake."""
    listed = ", ".join(f"'{path}'" for path in files_of().files["ledger"])
    with duckdb.connect(config={"threads": THREADS}) as database:
        begun = time.monotonic()
        database.execute(
            f"SELECT count(*) FROM read_parquet([{listed}]) WHERE kind = 'quote.requested'"
        ).fetchone()
        return time.monotonic() - begun
