"""The two versions of the agreement: what stands in their files, with the goals and the teams of the company's size."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from string import Template

from orchard.demo.story import calendar
from orchard.demo.story.team import COUNTRIES, teams
from orchard.demo.types import Size

FIRST, SECOND = 1, 2

# Ripe contacts that Marketing promises a month, and what is to be won in a quarter, in euro, by version.
_RIPE = {Size.SMALL: {FIRST: 16, SECOND: 28}, Size.LARGE: {FIRST: 260, SECOND: 560}}
_WON = {Size.SMALL: {FIRST: 600_000, SECOND: 1_200_000}, Size.LARGE: {FIRST: 12_000_000, SECOND: 20_000_000}}
_ACCEPTED, _SALES = 0.9, 1 / 80_000
"""Leads accepted for each ripe contact promised; sales for each euro to be won."""

_FILES = {FIRST: "agreement.yaml", SECOND: "agreement_2.yaml"}


def agreement(number: int, *, until: datetime, size: Size) -> str:
    """Return the text of a version of the company whose story ends at `until`."""
    text = (Path(__file__).parent / _FILES[number]).read_text()
    goals = ", ".join(_goals(number, until, size))
    return Template(text).substitute(ripe=_RIPE[size][number], routing=_routing(size), goals=goals)


def _goals(number: int, until: datetime, size: Size) -> Iterator[str]:
    """Yield a goal for the money of each quarter from the signing on, and all there are for the present one."""
    signed = calendar.SECOND_VERSION if number == SECOND else 0
    last = calendar.WEEKS if number == SECOND else calendar.SECOND_VERSION
    begin = until - calendar.WEEKS * calendar.WEEK
    days = [(begin + week * calendar.WEEK).date() for week in range(signed, last)]
    quarters = list(dict.fromkeys(calendar.quarter(each) for each in days))
    won, ripe = _WON[size][number], _RIPE[size][number]
    for quarter in quarters:
        yield f"{{quarter: {quarter}, measure: won_amount, target: {won} EUR}}"
    for measure, target in (
        ("won", won * _SALES),
        ("accepted", 3 * ripe * _ACCEPTED),
        ("qualified", 3 * ripe),
    ):
        yield f"{{quarter: {quarters[-1]}, measure: {measure}, target: {round(target)}}}"


def _routing(size: Size) -> str:
    """Return the part of the agreement that sends leads to the teams; nothing where there are none."""
    if not teams(size):
        return ""
    rows = [
        f"  - {{when: {{field: account.country, in: [{', '.join(countries)}]}}, to: {{team: {code(team)}}}, by: turn}}"
        for team, countries in COUNTRIES.items()
    ]
    other = next(each for each in teams(size) if each not in COUNTRIES)
    return "\n".join(["routing:", *rows, f"  - {{to: {{team: {code(other)}}}, by: turn}}"])


def code(team: str) -> str:
    """Return the code by which the agreement names a team, as the room of teams makes it of the name."""
    return team.lower().replace(" ", "_")
