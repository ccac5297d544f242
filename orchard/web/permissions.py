"""The table of permissions: which role opens which address, and which records it may act on there."""

from dataclasses import dataclass
from typing import Protocol

from orchard.team.types import Role

EVERYBODY = frozenset(Role)
MARKETING = frozenset({Role.MARKETING, Role.MANAGER, Role.ADMIN})
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may open an address. `public`: strangers too. `own`: these roles only where the record is their own."""

    roles: frozenset[Role] = frozenset()
    public: bool = False
    own: frozenset[Role] = frozenset()


class Person(Protocol):
    """What the table needs to know of a member."""

    role: str

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is logged in."""


PUBLIC = Rule(public=True)
NOBODY = Rule()

PERMISSIONS: dict[str, Rule] = {
    "alive": PUBLIC,
    "ready": PUBLIC,
    "ui:style": Rule(EVERYBODY),
    "ui:theme": Rule(EVERYBODY),
}


def rule_of(url_name: str) -> Rule:
    """Return the rule of an address; one that the table lacks opens to nobody."""
    return PERMISSIONS.get(url_name, NOBODY)


def may_open(member: Person, url_name: str) -> bool:
    """Tell whether this member may open an address, as navigation and buttons ask it."""
    rule = rule_of(url_name)
    return rule.public or (member.is_authenticated and member.role in rule.roles)
