"""The room's decisions: how people are written (`people`), when they work (`working_time`), and where (`holidays`)."""

from orchard.team.rules import holidays
from orchard.team.rules.people import (
    CODE_LENGTH,
    check_takes,
    check_time_zone,
    client_in_words,
    code_of,
    country_key,
    email_of,
    invitation_holds,
    name_of,
    place_in_words,
    scope_of,
    sides,
    takes_at_first,
)
from orchard.team.rules.working_time import (
    HORIZON,
    closes_next,
    days_off,
    due,
    is_working,
    opens_next,
    spans,
    worked,
)

__all__ = [
    "CODE_LENGTH",
    "HORIZON",
    "check_takes",
    "check_time_zone",
    "client_in_words",
    "closes_next",
    "code_of",
    "country_key",
    "days_off",
    "due",
    "email_of",
    "holidays",
    "invitation_holds",
    "is_working",
    "name_of",
    "opens_next",
    "place_in_words",
    "scope_of",
    "sides",
    "spans",
    "takes_at_first",
    "worked",
]
