"""The funnel by campaign, read from the lake at its place."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from orchard.campaigns import queries as campaigns
from orchard.contacts.tables import CONTACTS
from orchard.engine import compile as compiling
from orchard.engine import duck, lake
from orchard.interactions.tables import FACTS
from orchard.reports.tables import SOURCES, funnel


@dataclass(frozen=True, slots=True)
class Step:
    """How far the contacts of one campaign came; `campaign` is None where their source is not known."""

    campaign: str | None
    entered: int
    qualified: int
    skipped: int
    won: int
    early: int

    @property
    def won_share(self) -> float:
        """Won of entered, between 0 and 1."""
        return self.won / self.entered if self.entered else 0.0


@dataclass(frozen=True, slots=True)
class Funnel:
    """The funnel: a step per campaign, the largest first, their sum, and the place up to which facts were read."""

    rows: list[Step]
    total: Step
    pos: int

    def data(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "rows": [{**asdict(row), "won_share": round(row.won_share, 4)} for row in self.rows],
            "total": {**asdict(self.total), "won_share": round(self.total.won_share, 4)},
            "pos": self.pos,
        }


def funnel_by_campaign(*, now: datetime) -> Funnel:
    """Return the funnel by first campaign, fresh to the last fact placed."""
    lake.sync(now=now)
    reader = lake.files_of()
    query = compiling.compiled("reports.funnel", funnel, [FACTS, CONTACTS, SOURCES])
    found = duck.shared().run(query, lake.relations(reader)).to_pylist()
    names = campaigns.names([row["campaign_id"] for row in found if row["campaign_id"] is not None])
    rows = sorted(
        (_step(row, names.get(row["campaign_id"])) for row in found),
        key=lambda step: (-step.entered, step.campaign or ""),
    )
    sums = {
        name: sum(getattr(row, name) for row in rows)
        for name in ("entered", "qualified", "skipped", "won", "early")
    }
    return Funnel(rows, Step("all", **sums), reader.pos)


def _step(row: dict[str, Any], name: str | None) -> Step:
    return Step(name, row["entered"], row["qualified"], row["skipped"], row["won"], row["early"])
