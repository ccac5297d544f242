"""How teams come, are renamed and go; a team's code stays, because agreements name it."""

from datetime import datetime

from django.db import transaction

from orchard.journal import actions as journal
from orchard.team import rules
from orchard.team.models import Member, Team
from orchard.team.types import TEAM_LENGTH, UnknownTeam


def add_team(*, name: str, actor_id: int | None, now: datetime) -> int:
    """Make a team with a code of its own, by which an agreement can name it; return its id."""
    name = rules.name_of(name, at_most=TEAM_LENGTH)
    with transaction.atomic():
        team = Team.objects.create(name=name, code=_free_code(rules.code_of(name)), created_at=now)
        journal.record(
            actor_id=actor_id,
            action="team.added",
            subject=("team", team.id),
            details={"code": team.code},
            now=now,
        )
    return team.id


def rename_team(*, team_id: int, name: str, actor_id: int, now: datetime) -> None:
    """Call a team by another name; its code stays."""
    with transaction.atomic():
        name = rules.name_of(name, at_most=TEAM_LENGTH)
        if not Team.objects.filter(id=team_id).update(name=name):
            raise UnknownTeam("There is no such team.")
        journal.record(
            actor_id=actor_id,
            action="team.renamed",
            subject=("team", team_id),
            details={"name": name},
            now=now,
        )


def remove_team(*, team_id: int, actor_id: int, now: datetime) -> str:
    """Remove a team; its members stay, in no team. Return its name."""
    with transaction.atomic():
        team = Team.objects.select_for_update().filter(id=team_id).first()
        if team is None:
            raise UnknownTeam("There is no such team.")
        members = list(Member.objects.filter(team=team).values_list("id", flat=True))
        team.delete()
        journal.record(
            actor_id=actor_id,
            action="team.removed",
            subject=("team", team_id),
            details={"code": team.code, "name": team.name, "members": members},
            now=now,
        )
    return team.name


def _free_code(code: str) -> str:
    taken = set(Team.objects.filter(code__startswith=code[:-3] or code).values_list("code", flat=True))
    if code not in taken:
        return code
    return next(
        each
        for number in range(2, len(taken) + 3)
        if (each := f"{code[: rules.CODE_LENGTH - 4]}_{number}") not in taken
    )
