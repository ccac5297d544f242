"""Tells the story week by week: who becomes known by which campaign, and what they do afterwards."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from orchard.demo.story import words
from orchard.demo.story.campaigns import CAMPAIGNS, CONTENTS, Planned
from orchard.demo.types import Happening, Person, Size, Week

WEEKS = 78

# How keen people are: share, and how many things they do in the weeks after they became known.
_KEEN = (("curious", 0.62, (0, 3)), ("interested", 0.27, (3, 9)), ("buyer", 0.11, (7, 16)))

# What people do of themselves, by how keen they are, with weights.
_ACTS = {
    "curious": (("email.opened", 6), ("page.viewed", 5), ("content.downloaded", 2), ("email.clicked", 1)),
    "interested": (
        ("email.opened", 5),
        ("page.viewed", 5),
        ("content.downloaded", 4),
        ("email.clicked", 3),
        ("form.submitted", 2),
        ("question.asked", 1),
    ),
    "buyer": (
        ("page.viewed", 5),
        ("content.downloaded", 4),
        ("email.clicked", 3),
        ("question.asked", 3),
        ("call.connected", 3),
        ("call.attempted", 2),
        ("meeting.held", 1),
        ("sample.requested", 1),
        ("quote.requested", 1),
    ),
}

# The first thing that a campaign of a type brings about.
_FIRST = {"show": "show.visited", "webinar": "webinar.attended", "referral": "question.asked"}


def tell(*, seed: int, until: datetime, size: Size) -> Iterator[Week]:
    """Yield the `WEEKS` weeks that end at `until` (aware); the same arguments yield the same weeks."""
    chance = Random(f"{seed} {until:%Y-%m-%d} {size}")  # noqa: S311 - a story, not a secret
    begin = until - timedelta(weeks=WEEKS)
    coming: dict[int, list[Happening]] = {}
    shares = _shares()
    known = 0
    companies = _companies(chance, max(40, size.contacts // 4))
    for number in range(WEEKS):
        start = begin + timedelta(weeks=number)
        people = []
        for campaign, share in shares[number]:
            for _ in range(_rounded(chance, share * size.contacts)):
                person = _person(chance, known, companies)
                people.append(person)
                for happening in _life(chance, person, campaign, start, until):
                    coming.setdefault((happening.at - begin) // timedelta(weeks=1), []).append(happening)
                known += 1
        happenings = sorted(coming.pop(number, []), key=lambda each: (each.at, each.place))
        yield Week(number, start + timedelta(weeks=1), people, happenings)


def _shares() -> list[list[tuple[Planned, float]]]:
    """Return for each week the campaigns that run, with the share of all contacts that each brings."""
    pulls = [
        [
            (campaign, campaign.pull * _season(number, campaign))
            for campaign in CAMPAIGNS
            if campaign.pull and campaign.weeks[0] <= number <= campaign.weeks[1]
        ]
        for number in range(WEEKS)
    ]
    total = sum(pull for week in pulls for _, pull in week)
    return [[(campaign, pull / total) for campaign, pull in week] for week in pulls]


def _season(number: int, campaign: Planned) -> float:
    """Return how lively a week is: a yearly wave, a slow growth, one bad quarter; a show is as lively as it is."""
    if campaign.type in {"show", "webinar"}:
        return 1.0
    wave = 1 + 0.25 * math.sin(2 * math.pi * number / 52)
    bad = 0.55 if 39 <= number <= 51 else 1.0  # noqa: PLR2004 - a quarter of thirteen weeks
    return wave * bad * (1 + number / WEEKS / 2)


def _rounded(chance: Random, expected: float) -> int:
    whole = int(expected)
    return whole + (chance.random() < expected - whole)


def _companies(chance: Random, count: int) -> list[tuple[str, str, str, int, tuple[str, str, str]]]:
    """Make (name, domain, industry, employees, place) for `count` companies, each name once."""
    found: dict[str, tuple[str, str, str, int, tuple[str, str, str]]] = {}
    number = 0
    while len(found) < count:
        first, second = chance.choice(words.COMPANY_BEGINNINGS), chance.choice(words.COMPANY_ENDINGS)
        number += 1
        town = "" if count < 1_000 else f" {number}"  # noqa: PLR2004 - more companies than names
        name = " ".join(
            part for part in (f"{first} {second}{town}", chance.choice(words.LEGAL_FORMS)) if part
        )
        domain = f"{first}{second}{town}".lower().replace(" ", "") + ".example"
        if domain not in found:
            found[domain] = (
                name,
                domain,
                chance.choice(words.INDUSTRIES),
                int(chance.lognormvariate(4.6, 1.3)) + 3,
                chance.choice(words.PLACES),
            )
    return list(found.values())


def _person(
    chance: Random, place: int, companies: list[tuple[str, str, str, int, tuple[str, str, str]]]
) -> Person:
    first, last = chance.choice(words.FIRST_NAMES), chance.choice(words.LAST_NAMES)
    company, domain, industry, employees, (country, city, prefix) = chance.choice(companies)
    title, seniority, department, _ = chance.choices(words.TITLES, [each[3] for each in words.TITLES])[0]
    return Person(
        place,
        first,
        last,
        f"{first}.{last}{place}@{domain}".lower(),
        f"{prefix}{chance.randrange(1_000_000, 9_999_999)}" if chance.random() < 0.7 else "",  # noqa: PLR2004
        title,
        seniority,
        department,
        country,
        city,
        company,
        domain,
        industry,
        employees,
        chance.random() < 0.008,  # noqa: PLR2004 - one in a hundred and twenty
    )


def _life(
    chance: Random, person: Person, campaign: Planned, start: datetime, until: datetime
) -> Iterator[Happening]:
    """Yield what happens with a person: how they became known, what they do, and whether they buy in the end."""
    at = start + timedelta(days=chance.randrange(5), hours=chance.uniform(8, 17))
    first = _FIRST.get(campaign.type, "form.submitted")
    asked = chance.choice(words.QUESTIONS) if first in {"show.visited", "question.asked"} else ""
    yield Happening(person.place, first, at, campaign.code, words=asked)
    keen = chance.choices([each[0] for each in _KEEN], [each[1] for each in _KEEN])[0]
    low, high = next(bounds for name, _, bounds in _KEEN if name == keen)
    kinds, weights = zip(*_ACTS[keen], strict=True)
    for _ in range(chance.randint(low, high)):
        at += timedelta(
            days=min(90.0, chance.expovariate(1 / (9 if keen == "buyer" else 21))), hours=chance.uniform(0, 6)
        )
        if at >= until:
            return
        yield _act(chance, person, chance.choices(kinds, weights)[0], at)
    if keen == "buyer" and chance.random() < 0.12:  # noqa: PLR2004 - some buy without ever having been a lead
        at += timedelta(days=chance.uniform(10, 60))
        if at < until:
            amount = int(chance.lognormvariate(11.2, 0.7)) * 100
            yield Happening(person.place, "opportunity.won", at, amount=amount)


def _act(chance: Random, person: Person, kind: str, at: datetime) -> Happening:
    if kind == "content.downloaded":
        return Happening(person.place, kind, at, content=chance.choice(CONTENTS)[0])
    if kind in {"email.opened", "email.clicked"}:
        return Happening(person.place, kind, at, campaign="newsletter")
    if kind == "question.asked":
        return Happening(person.place, kind, at, words=chance.choice(words.QUESTIONS))
    if kind in {"call.connected", "meeting.held"}:
        return Happening(person.place, kind, at, words=chance.choice(words.CALL_NOTES))
    return Happening(person.place, kind, at)
