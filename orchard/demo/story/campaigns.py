"""What the demo company does to be noticed: its campaigns with their cost, and its content."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planned:
    """A campaign: `weeks` (first, last) of the story, `pull` how many new contacts it brings against the others."""

    code: str
    name: str
    parent: str
    type: str
    channel: str
    weeks: tuple[int, int]
    planned: int
    actual: int
    pull: float


# Costs in euro cents. The story has 78 weeks.
CAMPAIGNS = (
    Planned("shows", "Trade shows", "", "program", "show", (0, 77), 0, 0, 0),
    Planned("nordpack", "NordPack, Gothenburg", "shows", "show", "show", (14, 14), 3_800_000, 4_120_000, 60),
    Planned("packwest", "PackWest, Chicago", "shows", "show", "show", (29, 29), 6_200_000, 6_050_000, 75),
    Planned("printfair", "PrintFair, Bologna", "shows", "show", "show", (47, 47), 4_400_000, 4_730_000, 65),
    Planned("boardexpo", "BoardExpo, Vienna", "shows", "show", "show", (68, 68), 5_100_000, 4_980_000, 80),
    Planned("online", "Online", "", "program", "web", (0, 77), 0, 0, 0),
    Planned("search_ads", "Search ads", "online", "ads", "web", (0, 77), 5_400_000, 5_610_000, 5.5),
    Planned("website", "Website", "online", "website", "web", (0, 77), 1_200_000, 1_150_000, 4.0),
    Planned("social_ads", "Social ads", "online", "ads", "social", (20, 77), 2_600_000, 2_870_000, 3.0),
    Planned("webinars", "Webinars", "", "program", "event", (0, 77), 0, 0, 0),
    Planned(
        "webinar_waste",
        "Short runs without waste",
        "webinars",
        "webinar",
        "event",
        (22, 22),
        300_000,
        280_000,
        45,
    ),
    Planned(
        "webinar_board",
        "Recycled board in practice",
        "webinars",
        "webinar",
        "event",
        (55, 55),
        300_000,
        310_000,
        50,
    ),
    Planned("newsletter", "Newsletter", "", "newsletter", "email", (0, 77), 400_000, 390_000, 1.5),
    Planned("partners", "Partners", "", "referral", "partner", (0, 77), 900_000, 760_000, 1.8),
    Planned(
        "letters", "Letters to plant managers", "", "mailing", "print", (36, 44), 1_500_000, 1_480_000, 3.5
    ),
)

# Reference, title, type.
CONTENTS = (
    ("case-nordfoods", "How a dairy halved its waste", "case_study"),
    ("case-verlag", "Books in boxes of one", "case_study"),
    ("guide-board", "A buyer's guide to recycled board", "guide"),
    ("sheet-line60", "Line 60: figures", "data_sheet"),
    ("sheet-line20", "Line 20: figures", "data_sheet"),
    ("calculator", "What a change of format costs", "calculator"),
)
