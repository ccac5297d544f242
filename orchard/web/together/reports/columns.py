"""The columns of the people behind a number of a report."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.reports.queries.numbers import Counted
from orchard.web.lists.listing import DOWN, Column, Listing, Value
from orchard.web.marketing.contacts.columns import why


def _of(value: Callable[[Any], Value]) -> Callable[[Counted], Value]:
    """Return a value of the contact; who was joined or erased since has none."""
    return lambda each: value(each.row) if each.row else None


def _name(each: Counted) -> str:
    if each.row:
        return each.row.name
    return _("Joined with %(name)s since") % {"name": each.joined} if each.joined else _("Erased")


BEHIND = Listing(
    name="report-rows",
    title=gettext_lazy("Contacts"),
    address="reports:rows",
    columns=(
        Column(
            "score",
            gettext_lazy("Score"),
            _of(lambda row: None if row.tenths is None else row.points),
            cell="reports/cells/mark.html",
            is_mark=True,
        ),
        Column("name", gettext_lazy("Name"), _name, cell="reports/cells/name.html", is_name=True),
        Column(
            "why",
            gettext_lazy("Why, or what is missing"),
            _of(why),
            cell="reports/cells/why.html",
            is_said=True,
        ),
        Column("title", gettext_lazy("Job title"), _of(lambda row: row.title), shown=False),
        Column("account", gettext_lazy("Company"), _of(lambda row: row.account), shown=False),
        Column("email", gettext_lazy("E-mail"), _of(lambda row: row.email), shown=False),
        Column("country", gettext_lazy("Country"), _of(lambda row: row.country), shown=False),
        Column(
            "touch",
            gettext_lazy("Last talk"),
            _of(lambda row: row.touch and row.touch.at),
            cell="reports/cells/touch.html",
            is_said=True,
        ),
        Column("added", gettext_lazy("Added"), _of(lambda row: row.created_at), sort=DOWN, shown=False),
    ),
    order="-added",
    filters=None,
    acts="reports/cells/acts.html",
    keeps_views=False,
)
