"""What the demo company does to be noticed: its campaigns with their cost, and its content."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from orchard.demo.story import calendar
from orchard.demo.types import Size


@dataclass(frozen=True, slots=True)
class Planned:
    """A campaign: `weeks` (first, last) of the story, cost in euro, how many it `brings` against the others.

    `warmth` says how many of these will buy, against the usual share.
    """

    code: str
    name: str
    parent: str
    type: str
    channel: str
    weeks: tuple[int, int] = (0, calendar.WEEKS - 1)
    planned: int = 0
    actual: int = 0
    brings: float = 0
    warmth: float = 1.0


_P = Planned

_ROOTS = (
    _P("shows", "Trade shows", "", "program", "show"),
    _P("online", "Online", "", "program", "web"),
    _P("webinars", "Webinars", "", "program", "event"),
)

# Costs in euro. The story has 78 weeks; the bad quarter lies between the second show and the third.
_SMALL = (
    *_ROOTS,
    _P("nordpack", "NordPack, Gothenburg", "shows", "show", "show", (10, 10), 38_000, 41_200, 52, 1.9),
    _P("packwest", "PackWest, Chicago", "shows", "show", "show", (26, 26), 62_000, 60_500, 64, 1.5),
    _P("printfair", "PrintFair, Bologna", "shows", "show", "show", (54, 54), 44_000, 47_300, 55, 2.2),
    _P("boardexpo", "BoardExpo, Vienna", "shows", "show", "show", (68, 68), 51_000, 49_800, 66, 2.0),
    _P("search_ads", "Search ads", "online", "ads", "web", (0, 77), 54_000, 56_100, 330, 1.0),
    _P("website", "Website", "online", "website", "web", (0, 77), 12_000, 11_500, 240, 1.1),
    _P("social_ads", "Social ads", "online", "ads", "social", (14, 77), 26_000, 28_700, 170, 0.3),
    _P("webinar_waste", "Short runs without waste", "webinars", "webinar", "event", (19, 19), 3_000, 2_800, 42, 0.8),
    _P("webinar_board", "Recycled board in practice", "webinars", "webinar", "event", (59, 59), 3_000, 3_100, 48, 1.0),
    _P("newsletter", "Newsletter", "", "newsletter", "email", (0, 77), 4_000, 3_900, 85, 0.4),
    _P("partners", "Partners", "", "referral", "partner", (0, 77), 24_000, 22_600, 95, 2.0),
    _P("letters", "Letters to plant managers", "", "mailing", "print", (31, 38), 15_000, 14_800, 38, 0.7),
)  # fmt: skip

_SHOWS = (
    ("nordpack", "NordPack, Gothenburg", 10, 130_000, 1_050, 9),
    ("labelweek", "Label Week, Utrecht", 16, 75_000, 650, 7),
    ("packwest", "PackWest, Chicago", 26, 240_000, 1_500, 8),
    ("foodline", "FoodLine, Lyon", 32, 100_000, 750, 10),
    ("printfair", "PrintFair, Bologna", 54, 165_000, 1_150, 11),
    ("pharmapack", "PharmaPack, Zurich", 58, 120_000, 600, 14),
    ("asiapack", "AsiaPack, Osaka", 63, 195_000, 1_100, 7),
    ("boardexpo", "BoardExpo, Vienna", 68, 180_000, 1_350, 12),
    ("dairydays", "Dairy Days, Poznan", 73, 55_000, 450, 9),
)
_WEBINARS = ("Short runs without waste", "Recycled board in practice", "Film to paper", "A line for every format",
             "Printing inline", "What a stop costs", "Small batches in pharma", "Boxes of one")  # fmt: skip

_LARGE = (
    *_ROOTS,
    _P("search_dach", "Search ads, DACH", "online", "ads", "web", (0, 77), 1_150_000, 1_190_000, 92_000, 1.3),
    _P("search_west", "Search ads, West and South", "online", "ads", "web", (0, 77), 980_000, 965_000, 81_000, 1.1),
    _P("search_north", "Search ads, North", "online", "ads", "web", (0, 77), 520_000, 534_000, 38_000, 1.2),
    _P("search_americas", "Search ads, Americas", "online", "ads", "web", (9, 77), 900_000, 1_010_000, 57_000, 0.9),
    _P("website", "Website", "online", "website", "web", (0, 77), 260_000, 255_000, 158_000, 1.3),
    _P("calculator", "The calculator", "online", "website", "web", (22, 77), 90_000, 84_000, 61_000, 1.6),
    _P("network_ads", "Ads on networks", "online", "ads", "social", (0, 77), 900_000, 940_000, 142_000, 0.5),
    _P("video_ads", "Video ads", "online", "ads", "social", (14, 77), 420_000, 466_000, 74_000, 0.3),
    _P("syndication", "Guides on trade portals", "online", "ads", "web", (4, 70), 610_000, 598_000, 118_000, 0.4),
    _P("newsletter", "Newsletter", "", "newsletter", "email", (0, 77), 60_000, 58_000, 74_000, 0.6),
    _P("partners", "Partners", "", "program", "partner"),
    _P("dealers", "Dealers", "partners", "referral", "partner", (0, 77), 240_000, 231_000, 9_000, 7.0),
    _P("builders", "Builders of plants", "partners", "referral", "partner", (6, 77), 160_000, 152_000, 3_500, 9.0),
    _P("letters", "Letters to plant managers", "", "mailing", "print", (31, 38), 180_000, 176_000, 12_000, 1.4),
    _P("samples", "The box of samples", "", "mailing", "print", (55, 66), 240_000, 262_000, 15_000, 2.2),
    *(
        _P(code, name, "shows", "show", "show", (week, week), planned, planned * 103 // 100, brings, warmth)
        for code, name, week, planned, brings, warmth in _SHOWS
    ),
    *(
        _P(f"webinar_{n}", name, "webinars", "webinar", "event", (week, week), 12_000, 11_400 + 300 * n, 4_800, 1.2)
        for n, (name, week) in enumerate(zip(_WEBINARS, (7, 14, 20, 29, 52, 60, 66, 72), strict=True))
    ),
)  # fmt: skip


def campaigns(size: Size, until: datetime) -> tuple[Planned, ...]:
    """Return the campaigns of the company whose story ends at `until`: no show is in a month without shows."""
    return tuple(_placed(_SMALL if size is Size.SMALL else _LARGE, until))


def _placed(planned: tuple[Planned, ...], until: datetime) -> Iterator[Planned]:
    for each in planned:
        week = calendar.for_a_show(each.weeks[0], until) if each.type == "show" else None
        yield each if week is None else replace(each, weeks=(week, week))


ISSUE_EVERY = 4
"""Weeks between two issues of the newsletter."""

# Reference, title, type.
DOWNLOADS = (
    ("case-nordfoods", "How a dairy halved its waste", "case_study"),
    ("case-verlag", "Books in boxes of one", "case_study"),
    ("guide-board", "A buyer's guide to recycled board", "guide"),
    ("sheet-line60", "Line 60: figures", "data_sheet"),
    ("sheet-line20", "Line 20: figures", "data_sheet"),
    ("calculator", "What a change of format costs", "calculator"),
)
PAGES = (
    ("page-line60", "Line 60", "page"),
    ("page-line20", "Line 20", "page"),
    ("page-prices", "Prices and leasing", "page"),
    ("page-service", "Service and spare parts", "page"),
    ("page-formats", "Change of format in 8 minutes", "page"),
    ("page-cases", "Who works with our lines", "page"),
    ("page-contact", "Your contact at our company", "page"),
)
FORMS = (
    ("form-advice", "Form: ask for advice", "form"),
    ("form-visit", "Form: see a line at work", "form"),
    ("form-guide", "Form: get the guide", "form"),
)
_ABOUT = ("Short runs without waste", "Recycled board, a year on", "Film to paper", "A line for every format",
          "What a stop costs", "Printing inline", "Small batches in pharma", "Boxes of one", "Night shifts with two",
          "Spare parts in a day")  # fmt: skip
ISSUES = tuple(
    (f"issue-{n + 1}", f"Newsletter {n + 1}: {_ABOUT[n % len(_ABOUT)]}", "newsletter")
    for n in range(calendar.WEEKS // ISSUE_EVERY + 1)
)
CONTENTS = (*DOWNLOADS, *PAGES, *FORMS, *ISSUES)
