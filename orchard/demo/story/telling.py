"""Tells the story part by part: who becomes known by which campaign, and what happens with whom.

What is to come is kept packed in whole numbers that sort by time, since a million people do ten million things.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from orchard.demo.story import calendar, lives, people, words
from orchard.demo.story.campaigns import DOWNLOADS, FORMS, ISSUE_EVERY, ISSUES, PAGES, Planned, campaigns
from orchard.demo.types import Happening, Part, Person, Size

_KINDS = (
    "form.submitted", "page.viewed", "content.downloaded", "question.asked", "sample.requested", "quote.requested",
    "show.visited", "webinar.attended", "call.connected", "call.attempted", "email.sent", "email.opened",
    "email.clicked", "consent.granted", "consent.withdrawn",
)  # fmt: skip
_KIND = {kind: place for place, kind in enumerate(_KINDS)}
_AT, _PLACE, _CAMPAIGN = 36, 15, 5
"""How many bits lie below the time, the person and the campaign of what is packed; the kind is the rest."""

_IN_MAILS = frozenset({"email.opened", "email.clicked"})
_ON_PAGES = {"page.viewed": PAGES, "form.submitted": FORMS}

_SIGNS_UP, _READS, _CLICKS, _LEAVES = 0.62, 0.3, 0.055, 0.008
"""Shares: of those who send a form who agree to the newsletter; of its readers who open an issue, follow a link in it,
or want no other."""

_AGAIN = {Size.SMALL: 0.008, Size.LARGE: 0.001}
"""The share of people who are known already, under another address."""

_CALLS_TO_BUY = 0.08
"""The share of buyers who call and want to buy before anybody calls them."""

_RETURNS_TO_SHOWS = 0.35
"""How many of those whom we know come to a show, for each one who comes anew."""

_REMEMBERED = 200
_SENT_ON = 2
"""The day of the week on which an issue leaves, from 0."""


class _Coming(NamedTuple):
    """What is to happen in a part that is not told yet."""

    people: list[Person]
    packed: "array[int]"
    callers: list[int]


class _Teller:
    """What is known while the story is told."""

    def __init__(self, seed: int, until: datetime, size: Size) -> None:
        self.chance = Random(f"{seed} {until:%Y-%m-%d} {size}")  # noqa: S311 - a story, not a secret
        self.until, self.size = until, size
        self.begin = until - calendar.WEEKS * calendar.WEEK
        self.campaigns = campaigns(size, until)
        self.number = {each.code: place for place, each in enumerate(self.campaigns, 1)}
        self.ends = calendar.ends(until)
        self.seconds = [int((each - self.begin).total_seconds()) for each in self.ends]
        self.coming = [_Coming([], array("q"), []) for _ in self.ends]
        self.companies = people.companies(self.chance, size.contacts)
        self.readers = bytearray()
        self.warm: list[tuple[int, lives.Keen]] = []
        self.lately: list[Person] = []
        # How many of the warm were known a week ago, and now.
        self.settled = [0, 0]

    def note(self, place: int, deeds: Iterable[lives.Deed], campaign: int = 0) -> None:
        """Keep what is to happen with somebody, the first of it by a campaign; what lies beyond the end is left out."""
        low = place << _PLACE
        last = self.seconds[-1]
        for at, kind in deeds:
            if at < last:
                part = bisect_right(self.seconds, at)
                self.coming[part].packed.append(at << _AT | low | campaign << _CAMPAIGN | _KIND[kind])
            campaign = 0

    def arrive(self, campaign: Planned, week: int) -> None:
        """Let a campaign bring somebody in a week."""
        chance, at = self.chance, self._arrival(campaign, week)
        if at >= self.seconds[-1]:
            return
        place = len(self.readers)
        if self.lately and chance.random() < _AGAIN[self.size]:
            person = people.again(chance, place, chance.choice(self.lately))
        else:
            person = people.person(chance, place, self.companies)
        self.readers.append(0)
        if len(self.lately) < _REMEMBERED:
            self.lately.append(person)
        else:
            self.lately[place % _REMEMBERED] = person
        self.coming[bisect_right(self.seconds, at)].people.append(person)
        keen = lives.keenness(chance, campaign, self.size)
        deeds = list(lives.life(chance, keen, campaign, at))
        self.note(place, deeds, self.number[campaign.code])
        if deeds[0][1] == "form.submitted" and chance.random() < _SIGNS_UP:
            self.readers[place] = 1
            self.note(place, [(at + 60, "consent.granted")])
        if keen.name != "curious":
            self.warm.append((place, keen))
        if keen.name == "buyer" and chance.random() < _CALLS_TO_BUY:
            called = at + int(chance.uniform(20, 70)) * lives.DAY
            if called < self.seconds[-1]:
                self.coming[bisect_right(self.seconds, called)].callers.append(place)

    def _arrival(self, campaign: Planned, week: int) -> int:
        """Return when somebody comes: on a day of the show, or any day of the week, but seldom on a weekend."""
        chance = self.chance
        if campaign.type in {"show", "webinar"}:
            day = self._first_tuesday(week)
            day += chance.choices((0, 1, 2, 3), (30, 34, 26, 10))[0] if campaign.type == "show" else 0
            return day * lives.DAY + int(chance.uniform(8, 17) * lives.HOUR)
        day = 7 * week + chance.randrange(7)
        if (self.begin + timedelta(days=day)).weekday() > 4 and chance.random() < 0.75:  # noqa: PLR2004 - a weekend
            day += 2
        return day * lives.DAY + int(chance.uniform(6, 20) * lives.HOUR)

    def _first_tuesday(self, week: int) -> int:
        return 7 * week + (1 - (self.begin + timedelta(weeks=week)).weekday()) % 7

    def meet_again(self, campaign: Planned, week: int, newcomers: float) -> None:
        """Let some of those we know come to a show."""
        known = self.settled[0]
        for number in self.chance.sample(range(known), min(known, int(newcomers * _RETURNS_TO_SHOWS))):
            place, keen = self.warm[number]
            at = self._arrival(campaign, week)
            self.note(place, [(at, "show.visited")], self.number[campaign.code])
            self.note(place, lives.echo(self.chance, keen, at))

    def mail(self, week: int) -> None:
        """Send an issue of the newsletter to who agreed to it; some open it, follow a link in it, or want no other."""
        chance, readers = self.chance.random, self.readers
        sent = (7 * week + _SENT_ON) * lives.DAY + 6 * lives.HOUR
        for place, reads in enumerate(readers):
            if not reads:
                continue
            deeds = [(sent, "email.sent")]
            if (dice := chance()) < _READS:
                at = sent + int(chance() ** 3 * 5 * lives.DAY) + 300
                deeds.append((at, "email.opened"))
                if dice < _CLICKS:
                    deeds.append((at + 40, "email.clicked"))
                if dice < _LEAVES:
                    readers[place] = 0
                    deeds.append((at + 90, "consent.withdrawn"))
            self.note(place, deeds)

    def part(self, number: int) -> Part:
        """Unpack a part, and put in the words and the content."""
        coming = self.coming[number]
        self.coming[number] = _Coming([], array("q"), [])
        end = self.ends[number]
        week = min(calendar.WEEKS - 1, (self.seconds[number] - 1) // (7 * lives.DAY))
        codes = ("", *(each.code for each in self.campaigns))
        chance = Random(f"{end:%Y-%m-%d} words")  # noqa: S311
        happenings = [_unpacked(chance, each, self.begin, codes) for each in sorted(coming.packed)]
        is_last = number == len(self.ends) - 1
        return Part(week, end, coming.people, happenings, coming.callers, is_last)


def tell(*, seed: int, until: datetime, size: Size, since: datetime | None = None) -> Iterator[Part]:
    """Yield the parts of the `WEEKS` weeks that end at `until` (aware); the same arguments yield the same parts.

    Those that end by `since` are left out.
    """
    teller = _Teller(seed, until, size)
    told = 0 if since is None else bisect_right(teller.ends, since)
    shares = _shares(teller.campaigns, until)
    for week in range(calendar.WEEKS):
        teller.settled = [teller.settled[1], len(teller.warm)]
        if week % ISSUE_EVERY == 1:
            teller.mail(week)
        for campaign, share in shares[week]:
            expected = share * size.contacts
            for _ in range(_rounded(teller.chance, expected)):
                teller.arrive(campaign, week)
            if campaign.type == "show":
                teller.meet_again(campaign, week, expected)
        while told < len(teller.ends) and teller.seconds[told] <= 7 * (week + 1) * lives.DAY:
            yield teller.part(told)
            told += 1


def _shares(planned: Sequence[Planned], until: datetime) -> list[list[tuple[Planned, float]]]:
    """Return for each week the campaigns that run, with the share of all contacts that each brings."""
    pulls = [
        [
            (each, each.brings / (each.weeks[1] - each.weeks[0] + 1) * _season(week, each, until))
            for each in planned
            if each.brings and each.weeks[0] <= week <= each.weeks[1]
        ]
        for week in range(calendar.WEEKS)
    ]
    total = sum(pull for week in pulls for _, pull in week)
    return [[(each, pull / total) for each, pull in week] for week in pulls]


def _season(week: int, campaign: Planned, until: datetime) -> float:
    """Return how lively a week is: by the time of the year, a slow growth, the bad quarter; but for shows."""
    if campaign.type in {"show", "webinar"}:
        return 1.0
    middle = (until - (calendar.WEEKS - week) * calendar.WEEK).date() + timedelta(days=3)
    bad = 0.5 if week in calendar.BAD_WEEKS else 1.0
    return calendar.coming(middle) * bad * (1 + 0.5 * week / calendar.WEEKS)


def _rounded(chance: Random, expected: float) -> int:
    whole = int(expected)
    return whole + (chance.random() < expected - whole)


def _unpacked(chance: Random, packed: int, begin: datetime, codes: Sequence[str]) -> Happening:
    kind = _KINDS[packed & (1 << _CAMPAIGN) - 1]
    place = packed >> _PLACE & (1 << _AT - _PLACE) - 1
    campaign = codes[packed >> _CAMPAIGN & (1 << _PLACE - _CAMPAIGN) - 1]
    at = begin + timedelta(seconds=packed >> _AT)
    if kind == "content.downloaded":
        return Happening(place, kind, at, campaign, DOWNLOADS[int(chance.random() * len(DOWNLOADS))][0])
    if kind == "email.sent" or kind in _IN_MAILS:
        return Happening(
            place, kind, at, "newsletter" if kind in _IN_MAILS else campaign, _issue(packed >> _AT)
        )
    if kind in _ON_PAGES:
        # Without a throw of the dice: the words of what follows stay the same.
        pages = _ON_PAGES[kind]
        return Happening(place, kind, at, campaign, pages[(packed >> _PLACE) % len(pages)][0])
    if kind in {"question.asked", "show.visited"}:
        return Happening(place, kind, at, campaign, words=chance.choice(words.QUESTIONS))
    if kind == "call.connected":
        return Happening(place, kind, at, campaign, words=chance.choice(words.CALL_NOTES))
    return Happening(place, kind, at, campaign)


def _issue(seconds: int) -> str:
    """Return the issue of the newsletter that was sent last by then; who opens it does so within the week."""
    return ISSUES[(seconds // lives.DAY - _SENT_ON) // 7 // ISSUE_EVERY][0]
