"""How members come, change and go: the last admin stays one."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from orchard.journal import actions as journal
from orchard.kit.errors import Refused
from orchard.team import rules
from orchard.team.actions.sessions import end_all
from orchard.team.models import Member, Territory
from orchard.team.types import (
    EmailTaken,
    LastAdmin,
    Place,
    Role,
    Side,
    Takes,
    UnknownMember,
    UnknownTerritory,
)


def add_member(
    *,
    email: str,
    name: str,
    place: Place,
    password: str | None,
    now: datetime,
    actor_id: int | None = None,
    time_zone: str = "UTC",
) -> int:
    """Make a member who can log in at once (`password` None: only after a reset); return the id."""
    takes = rules.takes_at_first(place.role)
    member = Member(
        email=checked_email(email),
        name=rules.name_of(name),
        role=place.role,
        capacity=takes.capacity,
        weight=takes.weight,
        team_id=place.team_id,
        scope=rules.scope_of(place),
        signs_for_sales=Side.SALES in place.signs_for,
        signs_for_marketing=Side.MARKETING in place.signs_for,
        time_zone=time_zone,
        created_at=now,
    )
    member.set_password(password)
    with transaction.atomic():
        write(member)
        journal.record(
            actor_id=actor_id,
            action="member.added",
            subject=("member", member.id),
            details=rules.place_in_words(place),
            now=now,
        )
    return member.id


def change_member(
    *,
    member_id: int,
    email: str,
    name: str,
    place: Place,
    territory_id: int | None,
    takes: Takes,
    actor_id: int,
    now: datetime,
) -> None:
    """Give a member another name, e-mail, place, territory, or measure of leads."""
    rules.check_takes(takes)
    with transaction.atomic():
        if territory_id is not None:
            _hold_territory(territory_id)
        member = locked(member_id)
        if place.role is not Role.ADMIN:
            _keep_an_admin(member)
        before = _in_words(member)
        member.email, member.name = checked_email(email), rules.name_of(name)
        member.role, member.team_id, member.territory_id = place.role, place.team_id, territory_id
        member.scope = rules.scope_of(place)
        member.capacity, member.weight = takes.capacity, takes.weight
        member.signs_for_sales = Side.SALES in place.signs_for
        member.signs_for_marketing = Side.MARKETING in place.signs_for
        write(member)
        journal.record(
            actor_id=actor_id,
            action="member.changed",
            subject=("member", member_id),
            details={"was": before, "is": _in_words(member)},
            now=now,
        )


def switch_off(*, member_id: int, actor_id: int, now: datetime) -> None:
    """Let a member log in no more, from this moment on; what he or she did stays."""
    if member_id == actor_id:
        raise Refused("You cannot switch off your own login. Another admin can.")
    with transaction.atomic():
        member = locked(member_id)
        if not member.is_active:
            return
        _keep_an_admin(member)
        Member.objects.filter(id=member_id).update(is_active=False)
        ended = end_all(member_id)
        journal.record(
            actor_id=actor_id,
            action="member.switched_off",
            subject=("member", member_id),
            details={"sessions_ended": ended},
            now=now,
        )


def switch_on(*, member_id: int, actor_id: int, now: datetime) -> None:
    """Let a member log in again, in the place he or she had."""
    with transaction.atomic():
        if locked(member_id).is_active:
            return
        Member.objects.filter(id=member_id).update(is_active=True)
        journal.record(actor_id=actor_id, action="member.switched_on", subject=("member", member_id), now=now)


def _in_words(member: Member) -> dict[str, object]:
    return {
        **rules.place_in_words(member.place),
        "territory": member.territory_id,
        "capacity": member.capacity,
        "weight": member.weight,
    }


def _hold_territory(territory_id: int) -> None:
    """Let a territory stay until the transaction ends. It is locked before members are, as whoever removes it does."""
    if not Territory.objects.select_for_update(no_key=True).filter(id=territory_id):
        raise UnknownTerritory("This territory was removed meanwhile. Choose another.").at("territory")


def locked(member_id: int) -> Member:
    """Return the member, held against others until the transaction ends; all admins with it, in one order.

    Two admins who demote each other at once therefore come one after the other, and the second is refused.
    """
    rows = Member.objects.select_for_update().order_by("id")
    held = {row.id: row for row in rows.filter(role=Role.ADMIN) | rows.filter(id=member_id)}
    if member_id not in held:
        raise UnknownMember("There is no such member.")
    return held[member_id]


def _keep_an_admin(member: Member) -> None:
    if member.role != Role.ADMIN or not member.is_active:
        return
    if not Member.objects.filter(role=Role.ADMIN, is_active=True).exclude(id=member.id).exists():
        raise LastAdmin("{name} is the last admin. Make somebody else an admin first.", name=member.name).at(
            "role"
        )


def checked_email(text: str) -> str:
    """Return an address as we keep it; refuse what is none."""
    email = rules.email_of(text)
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("This is not an e-mail address.").at("email") from error
    return email


def write(member: Member) -> None:
    """Write the row; refuse an address that somebody has."""
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as error:
        raise EmailTaken("{email} is a member already.", email=member.email).at("email") from error
