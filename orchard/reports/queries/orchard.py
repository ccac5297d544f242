"""The orchard as its page shows it: the trees month by month, and below them what is near, dear, or came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from orchard.agreement import queries as agreement
from orchard.campaigns import queries as campaigns
from orchard.campaigns.types import Branch
from orchard.contacts import queries as contacts
from orchard.kit.money import Money
from orchard.reports import rules
from orchard.reports.queries.contacts import rows_of
from orchard.reports.queries.numbers import catalogue
from orchard.reports.queries.numbers.asking import NoLongerKept, source_of
from orchard.reports.queries.numbers.dimensions import Value
from orchard.reports.queries.numbers.orchard import Hanging, Replay, replay
from orchard.reports.queries.ripening import Ripening, ripening
from orchard.reports.tables import MOVE_STEPS, ORCHARD_STEPS, STEPS
from orchard.reports.types import Answer, Asked, ContactRow, Tells

TREES = 24
"""So many trees are drawn, the largest; the others stand in the table."""

NEAREST, PRICES = 6, 6
_LOOKED_AT = 60
_ON_THE_TREE = ("contact", "engaged", "nurturing")


@dataclass(frozen=True, slots=True)
class Tree:
    """A campaign as a tree: what it is called, what it is part of, and what hung on it at the end of each month.

    `campaign_id` is None for those of whom nobody knows what brought them.
    """

    campaign_id: int | None
    name: str
    above: str
    hangings: Sequence[Hanging]

    @property
    def now(self) -> Hanging:
        """What hangs on it today."""
        return self.hangings[-1]


@dataclass(frozen=True, slots=True)
class OrchardShown:
    """The orchard month by month.

    `trees` are the largest of today, `more` how many others there are; `total` is all of them together, and `bare` the
    campaigns by which nobody came first.
    """

    moments: Sequence[datetime]
    trees: Sequence[Tree]
    more: int
    more_now: Hanging
    total: Sequence[Hanging]
    bare: Sequence[Branch]
    pos: int
    stamp: str

    @property
    def now(self) -> Hanging:
        """What hangs on all trees today."""
        return self.total[-1]


@dataclass(frozen=True, slots=True)
class Price:
    """What an accepted lead of a campaign costs, and how many there are."""

    branch: Branch
    amount: Money
    accepted: int


@dataclass(frozen=True, slots=True)
class OrchardSoon:
    """Who is ripe before long: who ripens this week by the calendar alone, and apart from it who lacks least."""

    ripening: Ripening
    nearest: Sequence[ContactRow]

    @property
    def has_agreement(self) -> bool:
        """Whether anything says what is ripe."""
        return self.ripening.has_agreement


@dataclass(frozen=True, slots=True)
class OrchardBeside:
    """What came of the trees: what accepted leads cost least, and what came back."""

    prices: Sequence[Price]
    """What an accepted lead costs, the least first, of campaigns that have none below them."""
    prices_stamp: str
    back: Answer


def orchard_shown(asked: Asked, *, now: datetime) -> OrchardShown:
    """Return the trees of a question: `asked.where` may narrow them to one source."""
    source = source_of(ORCHARD_STEPS, now=now, stamp=asked.stamp, at_once=True)
    found = replay(replace(asked, by="campaign"), source, now=now)
    branches = {branch.id: branch for branch in campaigns.tree(counted=False)}
    trees = sorted(_trees(found, branches), key=lambda tree: (-tree.now.contacts, tree.name))
    total = [Hanging()] * len(found.moments)
    for tree in trees:
        total = [one.with_(other) for one, other in zip(total, tree.hangings, strict=True)]
    others = Hanging()
    for tree in trees[TREES:]:
        others = others.with_(tree.now)
    bare = [] if asked.where else [each for each in branches.values() if each.id not in found.trees]
    return OrchardShown(
        found.moments,
        trees[:TREES],
        len(trees[TREES:]),
        others,
        total,
        bare,
        found.pos,
        found.stamp,
    )


def orchard_table(asked: Asked, *, now: datetime) -> Answer:
    """Return the same trees as a table, all of them, at the end of the day of `asked.hour`, else of today."""
    source = source_of(ORCHARD_STEPS, now=now, stamp=asked.stamp, at_once=True)
    return catalogue.answer("orchard", asked, now=now, source=source)


def orchard_soon(*, now: datetime) -> OrchardSoon:
    """Return who is ripe before long, as far as there is room below the trees."""
    return OrchardSoon(ripening(now=now, most=NEAREST), _nearest(now))


def orchard_beside(*, back: Asked, now: datetime) -> OrchardBeside:
    """Return what came of the trees; `back` says of which days it tells what came back."""
    journeys = source_of(STEPS, now=now, at_once=True)
    try:
        moves = journeys.beside(MOVE_STEPS)
    except NoLongerKept:  # the lake went on between the two
        moves = source_of(MOVE_STEPS, now=now, at_once=True)
    cost = catalogue.answer("cost", Asked(), now=now, source=journeys)
    branches = {branch.id: branch for branch in campaigns.tree(counted=False)}
    above = {branch.parent_id for branch in branches.values()}
    prices = [
        Price(branches[row["campaign_id"]], Money(row["per_accepted"], row["currency"]), row["accepted"])
        for row in cost.sheets[0].rows
        if row["per_accepted"] is not None and row["campaign_id"] in branches.keys() - above
    ]
    return OrchardBeside(
        prices=sorted(prices, key=lambda price: (price.amount.currency, price.amount.minor))[:PRICES],
        prices_stamp=cost.stamp,
        back=catalogue.answer("came_back", back, now=now, source=moves),
    )


def _trees(found: Replay, branches: Mapping[int, Branch]) -> list[Tree]:
    return [
        Tree(_id(value), found.name_of(value), _above(value, branches), hangings)
        for value, hangings in found.trees.items()
    ]


def _id(value: Value) -> int | None:
    return None if value is None else int(value)


def _above(value: Value, branches: Mapping[int, Branch]) -> str:
    branch = branches.get(_id(value) or 0)
    parent = branches.get(branch.parent_id or 0) if branch else None
    return parent.name if parent else ""


def _nearest(now: datetime) -> list[ContactRow]:
    """Return who lacks least until a hand-off, among those with the most points."""
    ids = agreement.nearest_ids(_ON_THE_TREE, limit=_LOOKED_AT)
    listed = contacts.contacts(ids=ids, size=len(ids)).rows if ids else []
    near = [
        (rules.distance(ripe.nearest), -(row.tenths or 0), row)
        for row in rows_of(listed, now=now, tells=frozenset({Tells.VERDICT}))
        if (ripe := row.ripeness) and ripe.nearest and not ripe.forbids and not ripe.qualified
    ]
    near.sort(key=lambda each: each[:2])
    return [row for _distance, _points, row in near[:NEAREST]]
