"""What the style page draws: charts with data and with none, an orchard, a tree of campaigns, figures."""

import json
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from orchard.kit.clock import now
from orchard.kit.money import Money
from orchard.reports.queries import OrchardShown, Tree, numbers
from orchard.web.marketing.orchard.asking import months_of
from orchard.web.marketing.orchard.drawing import picture_of
from orchard.web.together.reports.cells import Block, Cell, Line, Series

_STAMP = "0"
_GIVEN = (("Lars Berg", "Lars", 90), ("Mei Tanabe", "Mei", 45), ("Nobody yet", "-", 0))

_TREES = {
    "PackExpo 2026": numbers.Hanging(growing=180, ripening=90, ripe=42, rotting=3, picked=20),
    "Short runs guide": numbers.Hanging(growing=60, ripening=31, ripe=4, picked=6, disqualified=3),
    "Drupa 2024": numbers.Hanging(growing=12, ripening=2, rotting=44),
    "Letter to old customers": numbers.Hanging(growing=5, ripe=1),
    "Spring webinar": numbers.Hanging(),
}
"""A large tree with fruit in every band, a middling one, one that rots, a small one, and one without a contact."""


def shown() -> dict[str, Any]:
    """Return the pictures by the names under which the specimens take them."""
    return {
        "bars": _sheet("bars", _GIVEN),
        "uprights": _sheet("columns", _GIVEN),
        "stairs": _sheet("stairs", _GIVEN),
        "bars_none": _sheet("bars", [(name, short, 0) for name, short, _number in _GIVEN]),
        "uprights_none": _sheet("columns", [(name, short, 0) for name, short, _number in _GIVEN]),
        "orchard": _orchard(),
        "branches": _branches(counted=True),
        "branches_counting": _branches(counted=False),
        "brought": _brought(1_204, 38, 9),
        "brought_none": _brought(0, 0, 0),
    }


def _sheet(picture: str, given: Sequence[tuple[str, str, int]]) -> SimpleNamespace:
    def line(words: str, short: str, number: int) -> Line:
        cells = [Cell(words, "Member", number=False, short=short), Cell(str(number), "Given")]
        halves = ((0, number / 2, "tone-1"), (number / 2, number / 2, "tone-2"))
        return Line(cells, [Block(begins, length, 0, 100, tone) for begins, length, tone in halves])

    return SimpleNamespace(
        name="groups",
        title="Leads by member",
        picture=picture,
        heads=[
            (SimpleNamespace(label="Member", kind="text"), ""),
            (SimpleNamespace(label="Given", kind="n"), ""),
        ],
        lines=[line(*each) for each in given],
        series=[Series("Given", "tone-1"), Series("Accepted", "tone-2")],
        total=Line([Cell("All", "Member", number=False), Cell("135", "Given")], []),
        says=[SimpleNamespace(label="Given", says="Leads that the member was handed")],
    )


def _orchard() -> dict[str, Any]:
    """Return what the page of the orchard gives its picture; its trees grew month by month, and lead nowhere."""
    moments = numbers.moments_until(now())
    grown = {name: _grown(hanging, len(moments)) for name, hanging in _TREES.items()}
    total = [numbers.Hanging()] * len(moments)
    for hangings in grown.values():
        total = [one.with_(other) for one, other in zip(total, hangings, strict=True)]
    trees = [Tree(place, name, "", hangings) for place, (name, hangings) in enumerate(grown.items(), 1)]
    told = OrchardShown(moments, trees, 0, numbers.Hanging(), total, [], 41_870, _STAMP)
    months = months_of(moments)
    picture = picture_of(told, months, "")
    for each in (picture, *picture["trees"]):
        each["rows"] = "#orchard"
    for each in picture["trees"]:
        each["page"] = ""
    return {
        "shown": told,
        "picture": json.dumps(picture),
        "worth": picture["worth"],
        "legend": [(band, numbers.BAND_LABELS[band]) for band in _LEGEND],
        "last": len(months) - 1,
    }


_LEGEND = ("growing", "ripening", "ripe", "picked", "rotting")
_BANDS = (*_LEGEND, "disqualified")


def _grown(hanging: numbers.Hanging, months: int) -> list[numbers.Hanging]:
    return [
        numbers.Hanging(**{band: getattr(hanging, band) * month // months for band in _BANDS})
        for month in range(1, months + 1)
    ]


def _branches(*, counted: bool) -> list[SimpleNamespace]:
    def line(name: str, depth: int, actual: int, planned: int, *, holds: bool = False) -> SimpleNamespace:
        branch = SimpleNamespace(
            id=0,
            name=name,
            code=name.lower().replace(" ", "-"),
            type="show" if depth else "",
            starts_on=None,
            ends_on=None,
            actual=[Money(actual, "CAD")] if actual else [],
            planned=[Money(planned, "CAD")] if planned else [],
        )
        return SimpleNamespace(
            branch=branch,
            brought=_brought(412 if actual else 0, 38 if actual else 0, 0) if counted else None,
            depth=depth,
            holds=holds,
            words="running" if actual else "planned",
            tone="ok" if actual else "neutral",
            own_differs=False,
            spent=(actual, planned) if actual and planned else None,
        )

    return [
        line("Shows", 0, 2_250_000, 2_000_000, holds=True),
        line("PackExpo 2026", 1, 1_840_000, 2_000_000, holds=True),
        line("Booth talks", 2, 0, 0),
        line("Spring webinar", 0, 0, 400_000),
    ]


def _brought(entered: int, qualified: int, won: int) -> SimpleNamespace:
    step = SimpleNamespace(
        entered=entered,
        qualified=qualified,
        won=won,
        qualified_share=qualified / entered if entered else None,
        won_share=won / entered if entered else None,
    )
    return SimpleNamespace(step=step, again=entered // 4)
