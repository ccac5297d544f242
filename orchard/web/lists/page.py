"""How a list answers: GET draws a page of it, POST gives all of it as a file, by one address and one permission."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orchard.kit.paging import Page, Walk
from orchard.team import queries as team
from orchard.team.types import View
from orchard.web.lists import files
from orchard.web.lists.listing import DOWN, PAGE, Column, Listing
from orchard.web.lists.wanted import COLUMNS, EVERYTHING, VIEW, Wanted, wanted_by, wanted_of
from orchard.web.renewal import MARK, is_renewal, renewed
from orchard.web.request import member_of


@dataclass(frozen=True, slots=True)
class Found:
    """What a list's own view gives the frame: the list to walk, the template, and what else that shows."""

    walk: Walk[Any]
    template: str
    context: Callable[[], Mapping[str, Any]] = dict
    """Made only where a page is drawn."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: where pressing it leads, and how the list is sorted by it now."""

    column: Column
    href: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list with all that the frame draws around it."""

    listing: Listing
    wanted: Wanted
    page: Page[Any]
    here: str
    views: Sequence[View]
    member_id: int
    frame: str = "ui/shell.html"
    """What a template that renews itself extends: the page, or the part of it that is asked for anew."""

    @property
    def heads(self) -> list[Head]:
        """The heads of the columns shown."""
        return [_head(column, self.wanted) for column in self.wanted.columns]

    @property
    def orders(self) -> list[tuple[str, str]]:
        """Every order that the list has, as an address writes it and in words."""
        return [
            (f"{sign}{column.key}", words % {"column": column.title})
            for column in self.listing.sorts
            for sign, words in (("", _("%(column)s, rising")), ("-", _("%(column)s, falling")))
        ]

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """The columns that can be chosen, and whether each is shown."""
        return [
            (column, column in self.wanted.columns) for column in self.listing.columns if not column.is_name
        ]

    @property
    def view(self) -> View | None:
        """The view that the address began with."""
        return next((view for view in self.views if view.id == self.wanted.view_id), None)

    @property
    def tabs(self) -> list[tuple[View, str]]:
        """The views, each with its address."""
        return [(view, f"{self.here}{address_of(self.listing, view)}") for view in self.views]

    @property
    def everything(self) -> str:
        """The address of the list as it is by itself."""
        return f"{self.here}?{VIEW}={EVERYTHING}"

    @property
    def is_changed(self) -> bool:
        """Whether something else is shown than the view keeps."""
        view = self.view
        return view is not None and wanted_by(self.listing, view.state).wish != self.wanted.wish

    @property
    def may_change(self) -> bool:
        """Whether the view is the reader's to change."""
        return self.view is not None and team.may_change_view(self.member_id, self.view.id)

    @property
    def name_key(self) -> str:
        """The key of the column that always stands."""
        return next(column.key for column in self.listing.columns if column.is_name)

    @property
    def hidden(self) -> dict[str, str]:
        """What a form that asks for filters has to send along."""
        return {name: value for name, value in self.wanted.parts().items() if name in (COLUMNS, VIEW)}

    @property
    def as_before(self) -> str:
        """The address with the columns that the list has by itself."""
        return self.here + self.wanted.query(**{COLUMNS: ""})

    @property
    def kept(self) -> dict[str, str]:
        """What the form of columns has to send along."""
        return {name: value for name, value in self.wanted.parts().items() if name != COLUMNS}


Answer = Callable[..., HttpResponseBase]


Find = Callable[..., Found | HttpResponse]
"""What reads the filters and says what is found; for an address that shows no list, the page itself."""


def listing_page(listing: Listing) -> Callable[[Find], Answer]:
    """Make a page of a function that reads the filters and says what is found."""

    def framed(find: Find) -> Answer:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(find)
        def answer(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            member = member_of(request)
            if request.method != "POST" and not request.GET and listing.keeps_views:
                start = team.start_of(listing.name, member_id=member.pk)
                if start is not None:
                    return redirect(request.path + address_of(listing, start))
            wanted = wanted_of(listing, request.GET)
            ending = files.ending_of(request) if request.method == "POST" else ""
            found = find(request, wanted, **arguments)
            if not isinstance(found, Found):
                return found
            return (
                files.file_of(request, wanted, found.walk, ending)
                if ending
                else _drawn(request, wanted, found)
            )

        return answer

    return framed


def address_of(listing: Listing, view: View) -> str:
    """Return the query by which a view is opened."""
    return wanted_by(listing, view.state).query(**{VIEW: str(view.id)})


def place_of(listing: Listing) -> str:
    """Return the address of a list that keeps views."""
    return reverse(listing.address)


def _drawn(request: HttpRequest, wanted: Wanted, found: Found) -> HttpResponse:
    member, listing = member_of(request), wanted.listing
    listed = Listed(
        listing=listing,
        wanted=wanted,
        page=found.walk(wanted.cursor, PAGE),
        here=request.path,
        views=team.views(listing.name, member_id=member.pk) if listing.keeps_views else [],
        member_id=member.pk,
        frame="ui/part.html" if is_renewal(request) else "ui/shell.html",
    )
    answer = render(request, found.template, {**found.context(), "listed": listed})
    # Page and part stand under one address: a browser that goes back must not take the one for the other.
    patch_vary_headers(answer, [MARK])
    return renewed(request, answer) if is_renewal(request) else answer


def _head(column: Column, wanted: Wanted) -> Head:
    if not column.sort:
        return Head(column)
    if wanted.by.key != column.key:
        return Head(column, wanted.query(sort=f"-{column.key}" if column.sort == DOWN else column.key))
    turned = column.key if wanted.by.down else f"-{column.key}"
    return Head(column, wanted.query(sort=turned), "descending" if wanted.by.down else "ascending")
