"""What a long list declares of itself: its columns, its filters and its order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from orchard.kit.money import Money
from orchard.kit.paging import By

Value: TypeAlias = str | int | float | bool | date | datetime | Money | None
"""What stands in a cell, as a file holds it."""

UP, DOWN = "up", "down"
"""Which way a column sorts when it is pressed first: from its lowest value, or from its highest."""

PAGE = 25
"""Rows of a page: two screens of them, where somebody looks; more take longer to draw than to find."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its `key` in addresses, its `title`, and the `value` of a row in it, as files hold it.

    `sort` says that the list can be sorted by it, and which way first. `cell` is a template that draws more than the
    value: it finds the `row`. `shown` is False for a column that somebody has to choose. `is_name` marks the one by
    which a row is known, which always stands; `is_mark` a small sign before it; `is_said` words that need no title
    beside them on a phone.
    """

    key: str
    title: Any
    value: Callable[[Any], Value]
    cell: str = ""
    sort: str = ""
    shown: bool = True
    is_name: bool = False
    is_mark: bool = False
    is_said: bool = False
    num: bool = False
    amount: bool = False
    """Whether its values are amounts of money, which take two cells in a file: the number and its currency."""

    @property
    def looks(self) -> str:
        """The classes of its cells."""
        names = {"cell-mark": self.is_mark, "cell-name": self.is_name, "num": self.num}
        return " ".join(name for name, holds in names.items() if holds)

    @property
    def labelled(self) -> bool:
        """Whether its title stands beside its value on a phone."""
        return not (self.is_mark or self.is_name or self.is_said)


@dataclass(frozen=True, slots=True)
class Listing:
    """A long list: the `address` of its page, its columns, and its order (`-score`; empty where it has one alone).

    `filters` are the parameters of its address beside the frame's own; None stands for whatever else there is. `acts`
    is a template for the last cell of a row. A list whose address names a record keeps no views: they would be views
    of that record alone.
    """

    name: str
    title: Any
    address: str
    columns: tuple[Column, ...]
    order: str
    filters: tuple[str, ...] | None = ()
    acts: str = ""
    keeps_views: bool = True

    def by(self, text: str) -> By | None:
        """Return the order that an address writes so; None for one that the list has not."""
        key = text.removeprefix("-")
        sorts = any(column.key == key and column.sort for column in self.columns)
        return By(key, text.startswith("-")) if sorts else None

    @property
    def sorts(self) -> list[Column]:
        """The columns by which it can be sorted."""
        return [column for column in self.columns if column.sort]
