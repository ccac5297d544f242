"""What the style page lists: a long list with its tools, notices, opportunities by what comes next."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.http import QueryDict

from orchard.kit.clock import now
from orchard.kit.money import Money
from orchard.kit.paging import Page
from orchard.team.types import View
from orchard.web.lists.listing import DOWN, UP, Column, Listing
from orchard.web.lists.page import Listed
from orchard.web.lists.wanted import wanted_of
from orchard.web.ui.invented.told import step

_LISTING = Listing(
    name="specimen",
    title="Contacts",
    address="ui:style",
    columns=(
        Column("name", "Name", lambda row: row.name, sort=UP, is_name=True),
        Column("why", "Why", lambda row: row.why, is_said=True),
        Column("points", "Points", lambda row: row.points, sort=DOWN, num=True),
        Column("since", "Since", lambda row: row.since, shown=False),
    ),
    order="-points",
    filters=(),
)


def shown() -> dict[str, Any]:
    """Return the lists by the names under which the specimens take them."""
    return {
        "listed": _listed(),
        "notices": _notices(),
        "no_notices": Page(rows=()),
        "board": _board(),
    }


def _listed() -> Listed:
    rows = [
        SimpleNamespace(name="Ingrid Halvorsen", why="Asked for a quote", points=86, since=now()),
        SimpleNamespace(name="Owen Pritchard", why="Waits for 41 of 45 days", points=38, since=now()),
    ]
    views = [
        View(0, _LISTING.name, "In the north", {}, True, 0, "Nora Lind", is_mine=True, starts=True),
        View(0, _LISTING.name, "By points", {}, True, 0, "Sam Okafor", is_mine=False, starts=False),
    ]
    return Listed(
        listing=_LISTING,
        wanted=wanted_of(_LISTING, QueryDict()),
        page=Page(rows=rows, next="later", previous="earlier"),
        here="#tools",
        views=views,
        member_id=0,
    )


def _notices() -> Page[SimpleNamespace]:
    def notice(words: str, icon: str, contact: str, *, ago: timedelta, seen: bool = False) -> SimpleNamespace:
        at = now() - ago
        told = SimpleNamespace(id=0, seen_at=at if seen else None, created_at=at)
        return SimpleNamespace(told=told, words=words, icon=icon, contact=contact)

    rows = [
        notice("a step is due today: send the drawing", "clock", "Ingrid Halvorsen", ago=timedelta(hours=1)),
        notice("Sam Okafor gave you something to do", "user-plus", "Owen Pritchard", ago=timedelta(hours=5)),
        notice("a meeting is near", "users", "", ago=timedelta(days=2), seen=True),
    ]
    return Page(rows=rows, next="later")


def _board() -> dict[str, Any]:
    today = now().date()

    def sale(name: str, amount: int, **more: Any) -> SimpleNamespace:
        return SimpleNamespace(
            id=0,
            name=name,
            contact="Ingrid Halvorsen",
            account="Nordfoods AS",
            amount=Money(amount, "CAD") if amount else None,
            member="Nora Lind",
            **{"step": None, "flagged": False, **more},
        )

    columns = [
        ("none", [sale("Two lines", 8_400_000, flagged=True)], 0),
        ("overdue", [sale("Spare parts", 120_000, step=step(today, -1))], 0),
        ("soon", [sale("A third line", 0, step=step(today, 3))], 12),
        ("won", [], 0),
    ]
    return {
        "today": today,
        "columns": [
            SimpleNamespace(name=name, sales=sales, more=more, count=len(sales) + more)
            for name, sales, more in columns
        ],
    }
