"""Who may write segments, as a refusal with its sentence."""

from orchard.kit.errors import NotAllowed
from orchard.team import queries as team
from orchard.team.types import Role


def may_change(member_id: int) -> None:
    """Raise `NotAllowed` unless the member is of Marketing, a manager or an admin."""
    member = team.member(member_id)
    if not member.is_active or member.role not in (Role.MARKETING, Role.MANAGER, Role.ADMIN):
        raise NotAllowed("Marketing, managers and admins change segments. Ask one of them.")
