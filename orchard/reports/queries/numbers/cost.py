"""What it cost: each campaign's money by the contacts, accepted leads and won sales that it brought."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.campaigns import queries as campaigns
from orchard.campaigns.types import Branch
from orchard.kit.money import Money
from orchard.reports.queries.numbers import funnel
from orchard.reports.queries.numbers.asking import Behind, Source, source_of
from orchard.reports.tables import STEPS
from orchard.reports.types import Answer, Asked, Column, Kind, Picture, Row, Sheet

NAME = "cost"
BYS = ("campaign",)

_COUNTED = ("entered", "accepted", "won")

_COLUMNS = (
    Column("campaign", gettext_lazy("Campaign"), Kind.TEXT),
    Column("cost", gettext_lazy("Actual cost"), Kind.MONEY),
    Column("entered", gettext_lazy("Brought first"), opens="contact.entered"),
    Column("per_contact", gettext_lazy("A contact"), Kind.MONEY),
    Column("accepted", gettext_lazy("Accepted"), opens="accepted.entered"),
    Column("per_accepted", gettext_lazy("An accepted lead"), Kind.MONEY),
    Column("won", gettext_lazy("Won"), opens="customer.entered"),
    Column("per_won", gettext_lazy("A won sale"), Kind.MONEY),
)


def cost(asked: Asked, source: Source | None = None, *, now: datetime) -> Answer:
    """Return for each campaign, with all below it, what it cost and what came of it for that.

    A campaign with several currencies has a line for each, since amounts of different currencies are never added. The
    money is all that was spent, so the days of a question narrow who came in alone.
    """
    source = source or source_of(STEPS, now=now, stamp=asked.stamp)
    tree = campaigns.tree(counted=False)
    figures = {row["campaign_id"]: row for row in funnel.rows_by_campaign(asked, source)}
    under = _under(tree)
    top = asked.where.get("campaign")
    shown = under.get(top, []) if isinstance(top, int) else under
    rows = [row for branch in tree if branch.id in shown for row in _lines(branch, under[branch.id], figures)]
    return Answer(
        NAME,
        [
            Sheet(
                "rows",
                _("Cost of what each campaign brought"),
                _COLUMNS,
                rows,
                picture=Picture.STAIRS,
                draws=("entered", "accepted", "won"),
            )
        ],
        source.pos,
        source.stamp,
        notes=[
            _("Each campaign with all below it. A contact belongs to the campaign that brought it first."),
            _("Accepted and won count people: who was accepted, or bought, more than once costs once."),
        ],
    )


def people(
    asked: Asked,
    number: str,
    source: Source | None = None,
    *,
    now: datetime,
    campaign_ids: Sequence[int] | None = None,
) -> Behind:
    """Return the people whom a number counts: those of the funnel, of the campaign and all below it."""
    campaign = asked.where.get("campaign")
    if campaign_ids is None and isinstance(campaign, int):
        campaign_ids = [each.id for each in campaigns.branch(campaign, counted=False)]
    asked = replace(asked, where={})
    return funnel.people(asked, number, source, now=now, campaign_ids=campaign_ids)


def _under(tree: Sequence[Branch]) -> dict[int, list[int]]:
    """Return each campaign with all below it."""
    parents = {branch.id: branch.parent_id for branch in tree}
    under: dict[int, list[int]] = {branch.id: [] for branch in tree}
    for branch in tree:
        above: int | None = branch.id
        while above in under:
            under[above].append(branch.id)
            above = parents[above]
    return under


def _lines(branch: Branch, under: Sequence[int], figures: dict[int, Row]) -> list[Row]:
    counts = {name: sum(figures[each][name] for each in under if each in figures) for name in _COUNTED}
    amounts: Sequence[Money | None] = branch.actual or [None]
    name = f"{'· ' * branch.depth}{branch.name}"
    return [
        {
            "campaign": name,
            "campaign_id": branch.id,
            "currency": amount.currency if amount else "",
            "cost": amount.minor if amount else None,
            **counts,
            "per_contact": _each(amount, counts["entered"]),
            "per_accepted": _each(amount, counts["accepted"]),
            "per_won": _each(amount, counts["won"]),
            "of": {"campaign": str(branch.id)},
        }
        for amount in amounts
    ]


def _each(amount: Money | None, number: int) -> int | None:
    """Return the minor units for each, halves rounded up; None where there is nothing to share among."""
    return None if amount is None or not number else (2 * amount.minor + number) // (2 * number)
