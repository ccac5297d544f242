"""Members, made through the team's own action."""

from itertools import count

from orchard.kit import clock
from orchard.team import actions, queries
from orchard.team.models import Member
from orchard.team.types import Place, Role, Scope, Side

PASSWORD = "a long walk under apple trees"

_number = count(1)


def member(
    role: Role = Role.SALES,
    *,
    email: str = "",
    name: str = "Nora Lind",
    signs_for: tuple[Side, ...] = (),
    team_id: int | None = None,
    scope: Scope | None = None,
    password: str | None = None,
    time_zone: str = "UTC",
) -> Member:
    """Make a member; without a password (quick, since hashing is slow) log in by `client.force_login`."""
    member_id = actions.add_member(
        email=email or f"{role}{next(_number)}@orchard.example",
        name=name,
        place=Place(role, frozenset(signs_for), team_id, scope),
        password=password,
        now=clock.now(),
        time_zone=time_zone,
    )
    return queries.member(member_id)
