"""The page of the audit book: who did what to which record, narrowed by who, what about and when."""

from typing import Any

from django.http import HttpRequest

from orchard.api import queries as tokens
from orchard.connect import queries as connect
from orchard.journal import queries as journal
from orchard.kit.paging import Page
from orchard.reports import queries as reports
from orchard.web.lists.page import Found, listing_page
from orchard.web.lists.wanted import Wanted
from orchard.web.manage.audit_form import Narrow
from orchard.web.manage.columns import AUDIT

_NAMES = {"api_token": tokens.token_names, "import": connect.names_of}


@listing_page(AUDIT)
def listing(request: HttpRequest, wanted: Wanted) -> Found:
    """List the lines of the audit book, the newest first."""
    narrow = Narrow(request.GET)
    wish = narrow.wish()

    def walk(cursor: str, size: int) -> Page[reports.AuditLine]:
        return reports.audit_lines(wish, by=wanted.by, cursor=cursor, size=size, names=_NAMES)

    def context() -> dict[str, Any]:
        found = journal.count(wish)
        return {
            "narrow": narrow,
            "wish": wish,
            "about": reports.record_in_words(wish.kind),
            "found": min(found, journal.COUNTED),
            "is_more": found > journal.COUNTED,
        }

    return Found(walk, "manage/audit.html", context)
