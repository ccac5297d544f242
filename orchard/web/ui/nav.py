"""What the navigation offers, in which order, and which of it a member sees."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go: its word, its URL by name and arguments, its icon, and whether a phone's bar shows it."""

    label: str | Promise
    url_name: str
    icon: str
    in_bar: bool = False
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one small heading; the first group has none."""

    label: str | Promise
    entries: tuple[Entry, ...]


GROUPS = (
    Group(
        "",
        (
            Entry(_("Today"), "today:show", "sun", in_bar=True),
            Entry(_("Orchard"), "orchard:show", "trees"),
            Entry(_("My leads"), "leads:list", "apple", in_bar=True),
            Entry(_("My tasks"), "tasks:list", "calendar-check"),
            Entry(_("Opportunities"), "opportunities:list", "circle-dollar-sign"),
            Entry(_("Basket"), "basket:list", "shopping-basket", in_bar=True),
            Entry(_("Contacts"), "contacts:list", "users", in_bar=True),
            Entry(_("Accounts"), "accounts:list", "building-2"),
            Entry(_("Campaigns"), "campaigns:list", "megaphone"),
            Entry(_("Programs"), "programs:list", "sprout"),
            Entry(_("Segments"), "segments:list", "list-filter"),
            Entry(_("Imports"), "imports:list", "file-up"),
        ),
    ),
    Group(
        pgettext_lazy("navigation", "Together"),
        (
            Entry(_("Agreement"), "agreement:show", "file-pen-line"),
            Entry(_("Weekly meeting"), "weekly:show", "presentation"),
            Entry(_("Scorecard"), "reports:show", "clipboard-list", arguments=("scorecard",)),
            Entry(_("Funnel"), "reports:show", "funnel", arguments=("funnel",)),
            Entry(_("What came back"), "leads:returned", "undo-2"),
            Entry(_("Closing"), "reports:show", "messages-square", arguments=("closing",)),
            Entry(_("Cost"), "reports:show", "coins", arguments=("cost",)),
            Entry(_("Desks"), "leads:desks", "handshake"),
            Entry(_("Who works when"), "hours:list", "calendar"),
        ),
    ),
    Group(
        _("Manage"),
        (
            Entry(_("Members"), "members:list", "user-cog"),
            Entry(_("Routing"), "routing:show", "route"),
            Entry(_("Possible doubles"), "contacts:doubts", "users-round"),
            Entry(_("Fields"), "fields:list", "tag"),
            Entry(_("API tokens"), "tokens:list", "key-round"),
            Entry(_("Audit book"), "audit:list", "book-open-check"),
            Entry(_("Health"), "health:show", "heart-pulse"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one member sees it on one page."""

    label: str | Promise
    href: str
    icon: str
    in_bar: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A group with what is left of it for the member."""

    label: str | Promise
    links: tuple[Link, ...]


def links(path: str, may_open: Callable[[str], bool]) -> tuple[Shown, ...]:
    """Return the groups that `may_open` leaves, marking the entry whose address is the longest start of `path`.

    A desk that is not installed has no address and therefore no entry.
    """
    offered = [
        (group, entry, href) for group in GROUPS for entry in group.entries if (href := _address(entry))
    ]
    here = max((href for _, _, href in offered if path.startswith(href)), key=len, default="")
    shown = [
        Shown(
            group.label,
            tuple(
                Link(entry.label, href, entry.icon, entry.in_bar, current=href == here)
                for owner, entry, href in offered
                if owner is group and may_open(entry.url_name)
            ),
        )
        for group in GROUPS
    ]
    return tuple(group for group in shown if group.links)


def _address(entry: Entry) -> str:
    try:
        return reverse(entry.url_name, args=entry.arguments)
    except NoReverseMatch:
        return ""
