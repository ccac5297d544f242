"""What the address of a list asks for: order, columns, filters, the view it began with, and the place in the list."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from orchard.kit.paging import By
from orchard.web.lists.listing import Column, Listing
from orchard.web.request import number_of

SORT, COLUMNS, VIEW, CURSOR = "sort", "columns", "view", "cursor"
EVERYTHING = "all"
"""The `view` of an address that wants none, not even the one with which the list begins."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for. What the list does not know is left out, as if nobody had asked."""

    listing: Listing
    by: By
    columns: tuple[Column, ...]
    filters: Mapping[str, str]
    view: str = ""
    cursor: str = ""

    @property
    def view_id(self) -> int | None:
        """The saved view that the address began with."""
        return number_of(self.view)

    @property
    def sort(self) -> str:
        """The order as addresses write it."""
        return f"-{self.by.key}" if self.by.down else self.by.key

    @property
    def wish(self) -> dict[str, str]:
        """What a view keeps: filters, order and columns, each only where it is not what the list has by itself."""
        own = {SORT: self.sort, COLUMNS: _named(self.columns)}
        plain = {SORT: self.listing.order, COLUMNS: _named(_shown(self.listing))}
        return {**self.filters, **{name: value for name, value in own.items() if value != plain[name]}}

    def parts(self, **changes: str) -> dict[str, str]:
        """Return the parameters of this list from its beginning, some of them changed, empty ones left out."""
        asked = {**self.wish, VIEW: self.view, **changes}
        # A filter that stands empty in an address may mean something there.
        return {name: value for name, value in asked.items() if value or self.filters.get(name) == value}

    def query(self, **changes: str) -> str:
        """Return the same as the query of an address."""
        return f"?{urlencode(self.parts(**changes))}"


def wanted_of(listing: Listing, asked: QueryDict) -> Wanted:
    """Read the query of an address."""
    keys = {key for part in asked.getlist(COLUMNS) for key in part.split(",")}
    view = asked.get(VIEW, "")
    return Wanted(
        listing=listing,
        by=listing.by(asked.get(SORT, "")) or _order_of(listing),
        columns=_chosen(listing, keys) or _shown(listing),
        filters=_filters(listing, asked),
        view=view if view == EVERYTHING or number_of(view) else "",
        cursor=asked.get(CURSOR, ""),
    )


def wanted_by(listing: Listing, wish: Mapping[str, str]) -> Wanted:
    """Read what a view keeps; what the list has given up since is left out."""
    asked = QueryDict(mutable=True)
    asked.update(dict(wish))
    return wanted_of(listing, asked)


def _order_of(listing: Listing) -> By:
    order = listing.by(listing.order) if listing.order else By("")
    if order is None:
        raise TypeError(f"The list {listing.name} begins with an order that no column of it has.")
    return order


def _filters(listing: Listing, asked: QueryDict) -> dict[str, str]:
    if listing.filters is not None:
        return {name: value for name in listing.filters if (value := asked.get(name, ""))}
    return {name: asked.get(name, "") for name in asked if name not in (SORT, COLUMNS, VIEW, CURSOR)}


def _chosen(listing: Listing, keys: set[str]) -> tuple[Column, ...]:
    """Return the columns of these keys, and the one that always stands; none where no key is known."""
    if not any(column.key in keys for column in listing.columns):
        return ()
    return tuple(column for column in listing.columns if column.is_name or column.key in keys)


def _shown(listing: Listing) -> tuple[Column, ...]:
    return tuple(column for column in listing.columns if column.is_name or column.shown)


def _named(columns: tuple[Column, ...]) -> str:
    return ",".join(column.key for column in columns)
