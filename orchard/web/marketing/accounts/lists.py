"""The list of accounts."""

from typing import Any

from django.http import HttpRequest

from orchard.contacts.queries import AccountWish
from orchard.kit import clock
from orchard.reports import queries
from orchard.reports.types import AccountShow
from orchard.web.lists.page import Found, listing_page
from orchard.web.lists.wanted import Wanted
from orchard.web.marketing.accounts.columns import ACCOUNTS
from orchard.web.marketing.accounts.forms import Narrow
from orchard.web.request import member_of


@listing_page(ACCOUNTS)
def listing(request: HttpRequest, wanted: Wanted) -> Found:
    """List accounts by words and choices."""
    form = Narrow(request.GET)
    show = AccountShow(form.chosen("show"))
    wish = AccountWish(
        search=form.chosen("words"),
        industry=form.chosen("industry"),
        country=form.chosen("country"),
        owner_id=member_of(request).id if show is AccountShow.MINE else None,
    )
    only_ripe = show is AccountShow.RIPE
    found = queries.account_list(wish, now=clock.now(), by=wanted.by, only_ripe=only_ripe)

    def context() -> dict[str, Any]:
        counts = found.counts()
        form.offer("industry", list(counts.industries))
        form.offer("country", list(counts.countries))
        return {
            "narrow": form,
            "counts": counts,
            "has_agreement": counts.has_agreement,
            "narrows": wish.narrows or only_ripe,
        }

    return Found(found.page, "accounts/list.html", context)
