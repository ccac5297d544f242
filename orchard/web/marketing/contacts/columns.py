"""The columns of the list of contacts."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.reports.types import ContactRow, Sort, Tells
from orchard.web.lists.listing import DOWN, UP, Column, Listing
from orchard.web.ui.tags.verdicts import because, in_a_point

_TELLS: dict[str, frozenset[Tells]] = {
    Sort.SCORE: frozenset({Tells.VERDICT}),
    "why": frozenset({Tells.VERDICT, Tells.STAGE}),
    "stage": frozenset({Tells.STAGE}),
    "touch": frozenset({Tells.TOUCH, Tells.LEAD}),
    "basket": frozenset({Tells.LEAD}),
}


def told_by(columns: Iterable[Column]) -> frozenset[Tells]:
    """Return what has to be asked for beside the records, so that these columns can be filled."""
    return frozenset().union(*(_TELLS.get(column.key, frozenset()) for column in columns))


def why(row: ContactRow) -> str:
    """Say why a contact is ripe, or what is nearest to make it so, in one line of text."""
    ripe = row.ripeness
    if ripe is None:
        return ""
    if ripe.qualified:
        return because(ripe)
    if ripe.forbids:
        return _("Never a lead: %(points)s") % {"points": ", ".join(map(in_a_point, ripe.forbids))}
    missing = ripe.nearest.missing if ripe.nearest else []
    return _("Not yet: %(points)s") % {"points": ", ".join(map(in_a_point, missing))} if missing else ""


CONTACTS = Listing(
    name="contacts",
    title=gettext_lazy("Contacts"),
    address="contacts:list",
    columns=(
        Column(
            Sort.SCORE,
            gettext_lazy("Score"),
            lambda row: None if row.tenths is None else row.tenths / 10,
            cell="contacts/row_mark.html",
            sort=DOWN,
            is_mark=True,
        ),
        Column(
            Sort.NAME,
            gettext_lazy("Name"),
            lambda row: row.name,
            cell="contacts/cells/name.html",
            sort=UP,
            is_name=True,
        ),
        Column(
            "why", gettext_lazy("Why, or what is missing"), why, cell="contacts/cells/why.html", is_said=True
        ),
        Column("title", gettext_lazy("Job title"), lambda row: row.title, shown=False),
        Column(
            "account",
            gettext_lazy("Company"),
            lambda row: row.account,
            cell="contacts/cells/account.html",
            shown=False,
        ),
        Column("email", gettext_lazy("E-mail"), lambda row: row.email, shown=False),
        Column("phone", gettext_lazy("Phone"), lambda row: row.phone, shown=False),
        Column("country", gettext_lazy("Country"), lambda row: row.country, shown=False),
        Column("stage", gettext_lazy("Stage"), lambda row: row.stage, shown=False),
        Column(
            "touch",
            gettext_lazy("Last talk"),
            lambda row: row.touch and row.touch.at,
            cell="contacts/cells/touch.html",
            is_said=True,
        ),
        Column("basket", gettext_lazy("A lead since"), lambda row: row.lead_since, shown=False),
        Column(
            "owner", gettext_lazy("Looked after by"), lambda row: row.owner, cell="lists/cells/owner.html"
        ),
        Column(Sort.ADDED, gettext_lazy("Added"), lambda row: row.created_at, sort=DOWN, shown=False),
    ),
    order=f"-{Sort.SCORE}",
    filters=("words", "show", "where"),
    acts="contacts/cells/acts.html",
)
