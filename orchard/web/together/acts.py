"""Decides which acts the search finds by what words, and where each begins."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orchard.search import queries
from orchard.search.types import Match
from orchard.team.models import Member


@dataclass(frozen=True, slots=True)
class Act:
    """Something one may want to do: its name, the address where it begins, its icon, and what else it is called.

    `starts_at` where the act itself needs a record that is chosen first, and `first` says so. `of_oneself` where the
    address names the member; `by_post` where it is done at once.
    """

    name: str | Promise
    url_name: str
    icon: str
    synonyms: str | Promise
    starts_at: str = ""
    first: str | Promise = ""
    of_oneself: bool = False
    by_post: bool = False

    def href_for(self, member: Member) -> str:
        """Return where it begins for this member."""
        return reverse(self.starts_at or self.url_name, args=[member.pk] if self.of_oneself else [])


_WHOM = _("choose the contact first")

# Synonyms are words that somebody may type instead, in any order; translate them by such words, not one by one.
ACTS = (
    Act(
        _("Plan a step"),
        "tasks:new",
        "calendar-plus",
        _("new add task todo reminder appointment meeting next follow up"),
    ),
    Act(
        _("Log a call or a meeting"),
        "tasks:log",
        "phone",
        _("write down note talk phone mail visit happened activity"),
        starts_at="contacts:list",
        first=_WHOM,
    ),
    Act(
        _("Add a contact"),
        "contacts:new",
        "user-plus",
        _("new create person lead somebody"),
    ),
    Act(
        _("Add a company"),
        "accounts:new",
        "building-2",
        _("new create account an firm customer organisation"),
    ),
    Act(
        _("Add an opportunity"),
        "opportunities:new",
        "circle-dollar-sign",
        _("new create make deal sale"),
        starts_at="contacts:list",
        first=_WHOM,
    ),
    Act(
        _("Import a file"),
        "imports:new",
        "file-up",
        _("upload load csv excel xlsx list contacts"),
    ),
    Act(
        _("Add a campaign"),
        "campaigns:new",
        "megaphone",
        _("new create fair show event webinar"),
    ),
    Act(
        _("Write a segment"),
        "segments:new",
        "list-filter",
        _("new add create make audience filter target group"),
    ),
    Act(
        _("Write a program"),
        "programs:new",
        "sprout",
        _("new add create make nurture nurturing journey mails newsletter"),
    ),
    Act(
        _("Change the agreement"),
        "agreement:edit",
        "file-pen-line",
        _("edit propose rules score points sla definition of a lead"),
    ),
    Act(
        _("Declare a field"),
        "fields:new",
        "tag",
        _("new add create make a custom attribute property column"),
    ),
    Act(
        _("Invite somebody"),
        "members:invite",
        "send",
        _("new add create a member user colleague invitation"),
    ),
    Act(
        _("Make a team"),
        "teams:add",
        "users-round",
        _("new add create group"),
    ),
    Act(
        _("Make a territory"),
        "territories:add",
        "map-pin",
        _("new add create region country area"),
    ),
    Act(
        _("Make a token"),
        "tokens:add",
        "key-round",
        _("new add create an api key rest access"),
    ),
    Act(
        _("When I am away"),
        "hours:away",
        "calendar",
        _("holiday vacation leave absence absent sick out of office working hours"),
        of_oneself=True,
    ),
    Act(
        _("My profile"),
        "profile:show",
        "user",
        _("account settings preferences change password language time zone notices notifications sessions"),
    ),
    Act(
        _("Sign out"),
        "account_logout",
        "log-out",
        _("log out logout off leave exit quit"),
        by_post=True,
    ),
)


def found(words: str, may_open: Callable[[str], bool]) -> Iterator[tuple[Match, Act]]:
    """Yield the acts that fit what was typed, as far as `may_open` leaves them."""
    for act in ACTS:
        if may_open(act.url_name) and (match := queries.fit(words, str(act.name), also=str(act.synonyms))):
            yield match, act
