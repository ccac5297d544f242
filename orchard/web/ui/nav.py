"""What the navigation offers, in which order, and which of it a member sees."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# With "More" that is as many as a phone has room for.
_IN_BAR = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go: its word, its URL by name and arguments, its icon, and how early a phone's bar takes it.

    The bar takes those with the lowest number that its reader may open; it never takes 0.
    """

    label: str | Promise
    url_name: str
    icon: str
    bar_rank: int = 0
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
            Entry(_("Today"), "today:show", "sun", bar_rank=1),
            Entry(_("Orchard"), "orchard:show", "trees", bar_rank=5),
            Entry(_("My leads"), "leads:list", "apple", bar_rank=2),
            Entry(_("My tasks"), "tasks:list", "calendar-check"),
            Entry(_("Opportunities"), "opportunities:list", "circle-dollar-sign"),
            Entry(_("Basket"), "basket:list", "shopping-basket", bar_rank=4),
            Entry(_("Contacts"), "contacts:list", "users", bar_rank=3),
            Entry(_("Accounts"), "accounts:list", "building-2"),
            Entry(_("Campaigns"), "campaigns:list", "megaphone"),
            Entry(_("Programs"), "programs:list", "sprout", bar_rank=6),
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
    there = [(group, entry, href) for group in GROUPS for entry in group.entries if (href := _address(entry))]
    here = max((href for _, _, href in there if path.startswith(href)), key=len, default="")
    offered = [each for each in there if may_open(each[1].url_name)]
    in_bar = sorted((entry for _, entry, _ in offered if entry.bar_rank), key=lambda entry: entry.bar_rank)
    in_bar = in_bar[:_IN_BAR]
    shown = [
        Shown(
            group.label,
            tuple(
                Link(entry.label, href, entry.icon, in_bar=entry in in_bar, current=href == here)
                for owner, entry, href in offered
                if owner is group
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
