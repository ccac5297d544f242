"""How somebody is invited: by a link that works once, lasts seven days and is kept only as a keyed hash."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from orchard.journal import actions as journal
from orchard.outbox import actions as outbox
from orchard.team import letters, queries, rules
from orchard.team.actions.members import checked_email, write
from orchard.team.actions.own import check_new_password
from orchard.team.models import Invitation, Member
from orchard.team.types import (
    INVITATION_LASTS,
    EmailTaken,
    Invited,
    Place,
    Role,
    Side,
    UnknownInvitation,
)

LinkTo = Callable[[str], str]


def invite(
    *,
    email: str,
    place: Place,
    link_to: LinkTo,
    actor_id: int | None,
    now: datetime,
    name: str = "",
) -> Invited:
    """Invite somebody; `link_to` makes the full address from the token. The mail goes to the outbox."""
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=checked_email(email),
        name=rules.name_of(name) if name.strip() else "",
        role=place.role,
        team_id=place.team_id,
        scope=rules.scope_of(place),
        signs_for_sales=Side.SALES in place.signs_for,
        signs_for_marketing=Side.MARKETING in place.signs_for,
        token_hash=queries.token_hash(token),
        invited_by_id=actor_id,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    with transaction.atomic():
        _refuse_member(invitation.email)
        try:
            with transaction.atomic():
                invitation.save()
        except IntegrityError as error:
            raise EmailTaken(
                "{email} has an open invitation. Renew or withdraw that one.", email=invitation.email
            ).at("email") from error
        _tell(invitation, link_to(token), actor_id=actor_id, now=now)
        journal.record(
            actor_id=actor_id,
            action="invitation.made",
            subject=("invitation", invitation.id),
            details=rules.place_in_words(place),
            now=now,
        )
    return Invited(invitation.id, invitation.email, link_to(token), invitation.expires_at)


def renew_invitation(*, invitation_id: int, link_to: LinkTo, actor_id: int, now: datetime) -> Invited:
    """Give an open invitation a new link and seven new days; the old link works no more."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        invitation = _open(invitation_id)
        invitation.token_hash = queries.token_hash(token)
        invitation.expires_at = now + INVITATION_LASTS
        invitation.save(update_fields=["token_hash", "expires_at"])
        _tell(invitation, link_to(token), actor_id=actor_id, now=now)
        journal.record(
            actor_id=actor_id, action="invitation.renewed", subject=("invitation", invitation_id), now=now
        )
    return Invited(invitation.id, invitation.email, link_to(token), invitation.expires_at)


def withdraw_invitation(*, invitation_id: int, actor_id: int, now: datetime) -> str:
    """Let an invitation work no more; return the address it went to."""
    with transaction.atomic():
        invitation = _open(invitation_id)
        Invitation.objects.filter(id=invitation_id).update(withdrawn_at=now)
        journal.record(
            actor_id=actor_id, action="invitation.withdrawn", subject=("invitation", invitation_id), now=now
        )
    return invitation.email


def accept_invitation(*, token: str, name: str, password: str, now: datetime, time_zone: str = "UTC") -> int:
    """Use an invitation up and make its member; return the member's id."""
    with transaction.atomic():
        found = queries.invitation_by_token(token, now=now)
        invitation = _open(found.id)
        takes = rules.takes_at_first(Role(invitation.role))
        member = Member(
            email=invitation.email,
            name=rules.name_of(name),
            role=invitation.role,
            capacity=takes.capacity,
            weight=takes.weight,
            team_id=invitation.team_id,
            scope=invitation.scope,
            signs_for_sales=invitation.signs_for_sales,
            signs_for_marketing=invitation.signs_for_marketing,
            time_zone=time_zone,
            created_at=now,
        )
        check_new_password(password, member)
        member.set_password(password)
        write(member)
        Invitation.objects.filter(id=invitation.id).update(used_at=now)
        journal.record(
            actor_id=member.id,
            action="invitation.accepted",
            subject=("member", member.id),
            details={"invitation": invitation.id, "role": Role(invitation.role).value},
            now=now,
        )
    return member.id


def _open(invitation_id: int) -> Invitation:
    invitation = (
        Invitation.objects.select_for_update()
        .filter(id=invitation_id, used_at__isnull=True, withdrawn_at__isnull=True)
        .first()
    )
    if invitation is None:
        raise UnknownInvitation("This invitation was used or withdrawn.")
    return invitation


def _refuse_member(email: str) -> None:
    member = Member.objects.filter(email=email).first()
    if member is None:
        return
    if member.is_active:
        raise EmailTaken("{email} is a member already.", email=email).at("email")
    raise EmailTaken(
        "{email} is a member who is switched off. Switch {name} on again.", email=email, name=member.name
    ).at("email")


def _tell(invitation: Invitation, link: str, *, actor_id: int | None, now: datetime) -> None:
    inviter = queries.names([actor_id])[actor_id] if actor_id else ""
    outbox.put(
        channel="email",
        recipient=invitation.email,
        payload=letters.invitation(inviter=inviter, link=link, days=INVITATION_LASTS.days),
        unique_key=f"invitation:{invitation.token_hash}",
        now=now,
    )
