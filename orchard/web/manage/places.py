"""What a place of the house, by which the log and the metrics know it, is called by who uses it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.interactions.types import Consumer
from orchard.reports import queries as reports
from orchard.web.ui import nav

PAGES = {
    "api": gettext_lazy("What other systems ask"),
    "files": gettext_lazy("Files"),
    "invitation": gettext_lazy("Invitations"),
    "leads": gettext_lazy("Leads"),
    "notes": gettext_lazy("Notes"),
    "notices": gettext_lazy("Notices"),
    "profile": gettext_lazy("Settings of one's own"),
    "reports": gettext_lazy("Reports"),
    "search": gettext_lazy("Search"),
    "teams": gettext_lazy("Teams"),
    "territories": gettext_lazy("Territories"),
    "ui": gettext_lazy("Components"),
    "views": gettext_lazy("Views of lists"),
}
"""Pages that the navigation does not name, or by more than one name."""


def named(place: str, consumers: Iterable[Consumer]) -> str:
    """Return in words which page or work that is: a page by what the navigation calls its part of the house."""
    part, colon, _rest = place.partition(":")
    if not colon:
        return reports.work_named(place, consumers) or _("Other work")
    entries = [entry for group in nav.GROUPS for entry in group.entries]
    found = next((entry.label for entry in entries if entry.url_name.partition(":")[0] == part), "")
    return str(PAGES.get(part) or found or _("Other pages"))
