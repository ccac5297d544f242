"""Search: what somebody types, answered letter by letter with people, accounts, campaigns, acts and pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from orchard.search import queries
from orchard.search.types import Group, Hit, Match
from orchard.team.models import Member
from orchard.web import permissions
from orchard.web.request import member_of, wants_fragment
from orchard.web.together import acts
from orchard.web.ui import nav

_LONGEST = 200
_PAGES = 5
_ACTS = 5

# How each group is headed and drawn, and where its records are shown.
_GROUPS: Sequence[tuple[Group, str | Promise, str, str]] = (
    (Group.PEOPLE, gettext_lazy("People"), "users", "contacts:show"),
    (Group.ACCOUNTS, gettext_lazy("Accounts"), "building-2", "accounts:show"),
    (Group.CAMPAIGNS, gettext_lazy("Campaigns"), "megaphone", "campaigns:show"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was found: where it is shown, what it is called and what else is said, with what fits marked."""

    href: str
    name: SafeString
    details: SafeString
    is_typo: bool
    icon: str = ""
    by_post: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A group of what was found under its heading."""

    name: str
    label: str | Promise
    icon: str
    lines: Sequence[Line]


@require_GET
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Show what fits the words of `q`: the whole page, or the list alone for the dialog on another page."""
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:_LONGEST]
    member = member_of(request)
    found = queries.find(words)
    hits = {Group.PEOPLE: found.people, Group.ACCOUNTS: found.accounts, Group.CAMPAIGNS: found.campaigns}
    groups = [
        Shown(group, label, icon, [_line(hit, address) for hit in hits[group]])
        for group, label, icon, address in _GROUPS
        if hits[group] and permissions.may_open(member, address)
    ]
    if doable := _acts(words, member):
        groups.append(Shown("acts", _("Acts"), "mouse-pointer-click", doable))
    if pages := _pages(words, request.path, lambda name: permissions.may_open(member, name)):
        groups.append(Shown("pages", _("Pages"), "file-text", pages))
    # What is merely similar to what was typed stands behind what fits; the best of a group is its first.
    groups.sort(key=lambda group: group.lines[0].is_typo)
    context = {
        "words": words,
        "groups": groups,
        "is_too_short": found.is_too_short,
        "said": _said(sum(len(each.lines) for each in groups), words, is_too_short=found.is_too_short),
        "add": _add(words) if permissions.may_open(member, "contacts:new") else "",
    }
    return render(request, "search/found.html" if wants_fragment(request) else "search/page.html", context)


def _line(hit: Hit, address: str) -> Line:
    return Line(
        reverse(address, args=[hit.id]),
        _marked(hit.name or _("Name not known"), hit.match),
        format_html_join(" · ", "{}", ((_marked(each, hit.match),) for each in hit.details)),
        hit.match.is_typo,
    )


def _marked(text: str, match: Match) -> SafeString:
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", part) if fits else part,)
            for part, fits in queries.parts(text, match)
        ),
    )


def _pages(words: str, path: str, may_open: Callable[[str], bool]) -> list[Line]:
    """Return the pages of the navigation whose name fits, as far as the member may open them, the best first."""
    found: list[tuple[Match, nav.Link]] = [
        (match, link)
        for group in nav.links(path, may_open)
        for link in group.links
        if (match := queries.fit(words, str(link.label)))
    ]
    found.sort(key=lambda each: (each[0].cost, each[0].others))
    return [
        Line(link.href, _marked(str(link.label), match), SafeString(""), match.is_typo)
        for match, link in found[:_PAGES]
    ]


def _acts(words: str, member: Member) -> list[Line]:
    """Return what the member may do and has typed the beginnings of, the best first."""
    found = sorted(
        acts.found(words, lambda name: permissions.may_open(member, name)),
        key=lambda each: (each[0].cost, each[0].others),
    )
    return [
        Line(
            act.href_for(member),
            _marked(str(act.name), match),
            format_html("{}", act.first),
            match.is_typo,
            act.icon,
            act.by_post,
        )
        for match, act in found[:_ACTS]
    ]


def _said(count: int, words: str, *, is_too_short: bool) -> str:
    """Return how much was found, as a screen reader says it after each answer."""
    if not words or is_too_short:
        return ""
    if not count:
        return _("Nothing found.")
    return ngettext("%(count)s found.", "%(count)s found.", count) % {"count": count}


def _add(words: str) -> str:
    """Return where a contact is added who has this name or address already."""
    given: dict[str, Any] = {"email" if "@" in words else "full_name": words}
    return f"{reverse('contacts:new')}?{urlencode(given)}"
