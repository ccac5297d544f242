"""The columns of the list of accounts."""

from django.utils.translation import gettext_lazy

from orchard.reports.types import AccountSort
from orchard.web.lists.listing import DOWN, UP, Column, Listing

ACCOUNTS = Listing(
    name="accounts",
    title=gettext_lazy("Accounts"),
    address="accounts:list",
    columns=(
        Column(
            "best",
            gettext_lazy("Best score"),
            lambda row: None if row.best is None or row.best.tenths is None else row.best.points,
            cell="accounts/cells/mark.html",
            is_mark=True,
        ),
        Column(
            AccountSort.NAME,
            gettext_lazy("Company"),
            lambda row: row.name,
            cell="accounts/cells/name.html",
            sort=UP,
            is_name=True,
        ),
        Column(
            AccountSort.RIPE,
            gettext_lazy("Meet the agreement"),
            lambda row: row.ripe,
            cell="accounts/cells/people.html",
            is_said=True,
            sort=DOWN,
        ),
        Column("people", gettext_lazy("People"), lambda row: row.people, shown=False, num=True),
        Column("industry", gettext_lazy("Industry"), lambda row: row.industry, shown=False),
        Column("city", gettext_lazy("City"), lambda row: row.city, shown=False),
        Column("country", gettext_lazy("Country"), lambda row: row.country, shown=False),
        Column("domain", gettext_lazy("Web domain"), lambda row: row.domain, shown=False),
        Column(
            "touch",
            gettext_lazy("Last talk"),
            lambda row: row.touch and row.touch.at,
            cell="accounts/cells/touch.html",
            is_said=True,
        ),
        Column(
            "owner", gettext_lazy("Looked after by"), lambda row: row.owner, cell="lists/cells/owner.html"
        ),
        Column(AccountSort.ADDED, gettext_lazy("Added"), lambda row: row.created_at, sort=DOWN, shown=False),
    ),
    order=AccountSort.NAME,
    filters=("words", "industry", "country", "show"),
    acts="accounts/cells/acts.html",
)
