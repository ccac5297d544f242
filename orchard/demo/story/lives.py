"""What people do once they are known: most of them little, some of them buy, and a show goes on for weeks after it."""

from collections.abc import Iterator
from itertools import accumulate
from random import Random
from typing import NamedTuple

from orchard.demo.story.campaigns import Planned
from orchard.demo.types import Size

DAY, HOUR = 86_400, 3_600

Deed = tuple[int, str]
"""When, in seconds since the story began, and the kind of the fact."""


class Keen(NamedTuple):
    """A sort of people: their share in a company of either size, and how much they do by themselves."""

    name: str
    share: dict[Size, float]
    least: int
    most: int
    pause: float
    """Days between two deeds, on average."""


_CURIOUS = Keen("curious", {Size.SMALL: 0.62, Size.LARGE: 0.9678}, 0, 3, 24)
_INTERESTED = Keen("interested", {Size.SMALL: 0.27, Size.LARGE: 0.03}, 2, 7, 19)
_BUYER = Keen("buyer", {Size.SMALL: 0.11, Size.LARGE: 0.0022}, 4, 11, 11)

_ACTS: dict[str, tuple[tuple[str, float], ...]] = {
    "curious": (("page.viewed", 6), ("content.downloaded", 2)),
    "interested": (
        ("page.viewed", 6),
        ("content.downloaded", 5),
        ("form.submitted", 1),
        ("question.asked", 1),
    ),
    "buyer": (
        ("page.viewed", 5),
        ("content.downloaded", 4),
        ("question.asked", 2),
        ("form.submitted", 1),
        ("sample.requested", 0.9),
        ("quote.requested", 0.9),
    ),
    "echo": (
        ("page.viewed", 3),
        ("content.downloaded", 4),
        ("question.asked", 2.5),
        ("sample.requested", 0.5),
        ("quote.requested", 0.9),
    ),
    "echo of the curious": (("page.viewed", 4), ("content.downloaded", 2)),
}
_KINDS = {name: [kind for kind, _ in acts] for name, acts in _ACTS.items()}
_WEIGHTS = {name: list(accumulate(weight for _, weight in acts)) for name, acts in _ACTS.items()}

# The first thing that a campaign of a type brings about.
FIRST = {"show": "show.visited", "webinar": "webinar.attended", "referral": "question.asked"}

_ECHO_PAUSE = 6.5
"""Days between two deeds in the weeks after a show, on average."""

_THANKED, _CALLED, _REACHED, _ANSWERED = 0.84, 0.6, 0.5, 0.86
"""Shares: of visitors written to within the day, of the keen ones called after it, of calls reached, of questions
answered in time."""


def keenness(chance: Random, campaign: Planned, size: Size) -> Keen:
    """Choose what sort of person a campaign brought: a warm one brings more who buy."""
    buyers = min(0.5, _BUYER.share[size] * campaign.warmth)
    interested = min(0.45, _INTERESTED.share[size] * (1 + campaign.warmth) / 2)
    dice = chance.random()
    if dice < buyers:
        return _BUYER
    return _INTERESTED if dice < buyers + interested else _CURIOUS


def life(chance: Random, keen: Keen, campaign: Planned, at: int) -> Iterator[Deed]:
    """Yield what happens with somebody whom a campaign brings at `at`, that first thing included."""
    first = FIRST.get(campaign.type, "form.submitted")
    yield at, first
    if first == "question.asked":
        yield answer(chance, at)
    least, most = keen.least, keen.most
    if first == "show.visited":
        yield from echo(chance, keen, at)
        at, least, most = at + 25 * DAY, 0, most // 2
    acts, pause = keen.name, 1 / keen.pause
    for _ in range(chance.randint(least, most)):
        at = _later(chance, at, pause)
        yield from _deed(chance, acts, at)


def echo(chance: Random, keen: Keen, at: int) -> Iterator[Deed]:
    """Yield what a visit at a booth leads to in the weeks after: our mail, our calls, and what the visitor asks."""
    prompt = chance.random() < _THANKED
    yield at + int(chance.uniform(2, 22) * HOUR if prompt else chance.uniform(1.5, 6) * DAY), "email.sent"
    is_keen = keen is not _CURIOUS
    if is_keen and chance.random() < _CALLED:
        when = _later(chance, at + DAY, 1 / 4)
        yield when, "call.connected" if chance.random() < _REACHED else "call.attempted"
    acts = "echo" if is_keen else "echo of the curious"
    for _ in range(chance.randint(2, 5) if is_keen else chance.randint(0, 2)):
        at = _later(chance, at, 1 / _ECHO_PAUSE)
        yield from _deed(chance, acts, at)


def answer(chance: Random, at: int) -> Deed:
    """Return the mail that answers a question: within the days promised, most of the time."""
    days = chance.uniform(0.1, 7) if chance.random() < _ANSWERED else chance.uniform(11, 20)
    return at + int(days * DAY), "email.sent"


def _deed(chance: Random, acts: str, at: int) -> Iterator[Deed]:
    kind = chance.choices(_KINDS[acts], cum_weights=_WEIGHTS[acts])[0]
    yield at, kind
    if kind == "question.asked":
        yield answer(chance, at)


def _later(chance: Random, at: int, often: float) -> int:
    """Return a moment on a later day, between seven and six by the clock of the story."""
    days = 1 + int(min(80.0, chance.expovariate(often)))
    return (at // DAY + days) * DAY + int(chance.uniform(7, 18) * HOUR)
