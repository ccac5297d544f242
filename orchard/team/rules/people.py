"""How an address and a name are written, when an invitation holds, and what a browser is called."""

import re
import unicodedata
from datetime import datetime
from zoneinfo import available_timezones

from orchard.kit.errors import Refused
from orchard.kit.words import Phrase
from orchard.team.types import (
    FIRST_CAPACITY,
    MOST_LEADS,
    MOST_TURNS,
    NAME_LENGTH,
    NO_LEADS,
    Place,
    Role,
    Scope,
    Side,
    Takes,
)

CODE_LENGTH = 40

# The first that occurs in a User-Agent names it; Edge and Opera call themselves Chrome, Chrome calls itself Safari.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def email_of(text: str) -> str:
    """Return an address as we keep it: no blanks around it, lower case."""
    return text.strip().lower()


def name_of(text: str, *, at_most: int = NAME_LENGTH) -> str:
    """Return a name with single blanks; refuse one that is empty, too long or holds control characters."""
    name = " ".join(text.split())
    if not name:
        raise Refused("Give a name.").at("name")
    if len(name) > at_most:
        raise Refused("A name has at most {at_most} characters.", at_most=at_most).at("name")
    if any(unicodedata.category(sign) == "Cc" for sign in name):
        raise Refused("This name holds characters that cannot be shown.").at("name")
    return name


def code_of(name: str) -> str:
    """Return the code by which an agreement names a team: `Key accounts, DACH` becomes `key_accounts_dach`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:CODE_LENGTH].rstrip("_") or "team"


def check_time_zone(name: str) -> None:
    """Refuse a time zone that this machine does not know."""
    if name not in available_timezones():
        raise Refused("Choose a time zone from the list.").at("time_zone")


def invitation_holds(
    *, used_at: datetime | None, withdrawn_at: datetime | None, expires_at: datetime, now: datetime
) -> bool:
    """Tell whether an invitation can still be accepted."""
    return used_at is None and withdrawn_at is None and now < expires_at


def place_in_words(place: Place) -> dict[str, object]:
    """Return a place as the audit book keeps it."""
    return {
        "role": place.role.value,
        "signs_for": sorted(place.signs_for),
        "team": place.team_id,
        "scope": scope_of(place).value,
    }


def scope_of(place: Place) -> Scope:
    """Return how far somebody in this place sees: admins all; without a word of its own Sales its own, others all."""
    if place.role is Role.ADMIN:
        return Scope.ALL
    return place.scope or (Scope.OWN if place.role is Role.SALES else Scope.ALL)


def sides(*, signs_for_sales: bool, signs_for_marketing: bool) -> frozenset[Side]:
    """Return the sides that two columns stand for."""
    return frozenset(
        side for side, may in ((Side.SALES, signs_for_sales), (Side.MARKETING, signs_for_marketing)) if may
    )


def takes_at_first(role: Role) -> Takes:
    """Return how many leads a new member takes: Sales some, everybody else none."""
    return Takes(FIRST_CAPACITY) if role is Role.SALES else NO_LEADS


def check_takes(takes: Takes) -> None:
    """Refuse a capacity or weight that nobody can mean."""
    if not 0 <= takes.capacity <= MOST_LEADS:
        raise Refused("A member has from 0 to {at_most} open leads at once.", at_most=MOST_LEADS).at(
            "capacity"
        )
    if not 1 <= takes.weight <= MOST_TURNS:
        raise Refused(
            "A member gets from 1 to {at_most} leads for each one of a colleague.", at_most=MOST_TURNS
        ).at("weight")


def country_key(country: str) -> str:
    """Return a country as it is compared: `Austria` and `AUSTRIA ` are one."""
    return " ".join(country.split()).casefold()


def client_in_words(user_agent: str) -> str:
    """Return what a member would call this browser: `Firefox on Linux`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), Phrase("A browser"))
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return Phrase("{browser} on {system}", browser=browser, system=system) if system else browser
