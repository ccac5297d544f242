"""The team's vocabulary: roles, sides, what an invitation promises, and what the team refuses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from orchard.kit.errors import Conflict, NotFound, Refused

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
        return self.value.capitalize()


class Side(StrEnum):
    """The two sides that sign the agreement."""

    SALES = "sales"
    MARKETING = "marketing"


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody is here: the role, the sides he or she may sign for, the team."""

    role: Role
    signs_for: frozenset[Side] = frozenset()
    team_id: int | None = None


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
