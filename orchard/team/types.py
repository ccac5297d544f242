"""The team's vocabulary: roles, sides, what an invitation promises, and what the team refuses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from orchard.kit.errors import Conflict, NotFound, Refused
from orchard.kit.words import Phrase

INVITATION_LASTS = timedelta(days=7)

NAME_LENGTH = 120
TEAM_LENGTH = 80


class Role(StrEnum):
    """What a member does here; rights follow from it by the table of permissions."""

    SALES = "sales"
    MARKETING = "marketing"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """The word on the page."""
        return _LABELS[self]


_LABELS = {
    Role.SALES: Phrase("Sales"),
    Role.MARKETING: Phrase("Marketing"),
    Role.MANAGER: Phrase("Manager"),
    Role.ADMIN: Phrase("Admin"),
}

SELLERS = (Role.SALES, Role.MANAGER, Role.ADMIN)
"""Who can work on leads and sales."""


MANAGING = (Role.MANAGER, Role.ADMIN)
"""Who acts on what others have in hands."""


class Side(StrEnum):
    """The two sides that sign the agreement."""

    SALES = "sales"
    MARKETING = "marketing"


class Scope(StrEnum):
    """Whose leads and sales a member sees, and acts on as far as the role goes; nobody's are everybody's."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose records somebody sees: those of these members, or of everybody where it is None; nobody's always."""

    members: frozenset[int] | None = None

    def covers(self, member_id: int | None) -> bool:
        """Tell whether what a member has, or nobody, lies within."""
        return self.members is None or member_id is None or member_id in self.members


EVERYTHING = Reach()


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody is here: the role, the sides he or she may sign for, the team, and how far he or she sees.

    A `scope` of None is the one that the role has at first.
    """

    role: Role
    signs_for: frozenset[Side] = frozenset()
    team_id: int | None = None
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation just made or renewed, with the link that is shown this once and kept nowhere."""

    id: int
    email: str
    link: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One device on which a member is signed in."""

    id: int
    client: str
    ip: str
    since: datetime
    current: bool


MOST_LEADS = 100_000
"""The largest capacity."""

MOST_TURNS = 10
"""The largest weight."""


@dataclass(frozen=True, slots=True)
class Takes:
    """How many open leads a member has at once, and how many come for each one of a colleague of weight 1."""

    capacity: int
    weight: int = 1


NO_LEADS = Takes(0)
FIRST_CAPACITY = 25
"""The capacity of a member of Sales until somebody sets another."""


@dataclass(frozen=True, slots=True)
class Taker:
    """A member who takes leads: how many at once, how many for each one of a colleague, and where."""

    id: int
    email: str
    team: str
    territory_id: int | None
    capacity: int
    weight: int


# How long ago days of absence may lie that are noted, shown and taken back.
STILL_NOTED = timedelta(days=90)

# Days off that a territory may write down itself.
MOST_DAYS_OFF = 100

COUNTRY_LENGTH = 60
MOST_COUNTRIES = 250


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekdays (0 is Monday) and minutes after midnight between which people work."""

    weekdays: frozenset[int]
    opens: int
    closes: int


OFFICE_HOURS = Hours(frozenset(range(5)), 9 * 60, 17 * 60 + 30)
"""The hours of whoever has none: those that an agreement assumes."""


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The hours in which somebody works: weekdays (0 is Monday) and minutes after midnight by the clock of `zone`.

    On the days `off` nobody works: holidays, and the days on which a member is absent.
    """

    zone: ZoneInfo
    weekdays: frozenset[int]
    opens: int
    closes: int
    off: frozenset[date] = field(default_factory=frozenset)

    def is_open_on(self, day: date) -> bool:
        """Whether anybody works on a day."""
        return day.weekday() in self.weekdays and day not in self.off

    def without(self, days: Iterable[date]) -> "WorkingTime":
        """Return the same hours with more days off."""
        return WorkingTime(self.zone, self.weekdays, self.opens, self.closes, self.off | frozenset(days))


@dataclass(frozen=True, slots=True)
class TerritoryFields:
    """What can be said of a territory. `holidays_of` is a country (`AT`), a part of one (`DE-BY`), or empty.

    `countries` are written as contacts have them.
    """

    name: str
    time_zone: str
    hours: Hours
    holidays_of: str
    days_off: tuple[date, ...] = ()
    countries: tuple[str, ...] = ()


VIEW_LENGTH = 60
"""Letters that the name of a saved view may have."""
VIEW_STATE = 4_000
"""Letters that all that a saved view keeps of an address may have."""
MOST_VIEWS = 30
"""Views that a member may keep of one list."""


@dataclass(frozen=True, slots=True)
class View:
    """A list as a member keeps it: what its address asks for, by parameter.

    `is_mine` says whether the reader keeps it, `starts` whether the list begins with it for the reader.
    """

    id: int
    list: str
    name: str
    state: Mapping[str, str]
    is_shared: bool
    member_id: int
    member: str
    is_mine: bool
    starts: bool


class UnknownView(NotFound):
    """There is no such saved view, or none that the member may see."""


class ViewNameTaken(Conflict):
    """The member keeps a view of this name already."""


class UnknownTerritory(NotFound):
    """There is no such territory."""


class UnknownAbsence(NotFound):
    """There is no such absence."""


class UnknownMember(NotFound):
    """There is no such member."""


class UnknownTeam(NotFound):
    """There is no such team."""


class UnknownInvitation(NotFound):
    """There is no such open invitation."""


class EmailTaken(Conflict):
    """Somebody has this e-mail address already."""


class LastAdmin(Refused):
    """Nobody could manage the members any more."""


class WeakPassword(Refused):
    """The password is too easy to guess."""


class WrongPassword(Refused):
    """The present password was not the one given."""
