"""How members are signed out: one device, all others, or everywhere."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from orchard.journal import actions as journal


def end_session(*, session_id: int, member_id: int, now: datetime) -> None:
    """Sign a member out on one device; nothing happens where that ended before."""
    with transaction.atomic():
        row = UserSession.objects.filter(id=session_id, user_id=member_id).first()
        if row is None:
            return
        _end([row.session_key])
        journal.record(actor_id=member_id, action="member.signed_out", subject=("member", member_id), now=now)


def sign_out_everywhere(*, member_id: int, actor_id: int, now: datetime, keep: str | None = None) -> int:
    """Sign a member out on all devices but the session `keep`; return on how many."""
    with transaction.atomic():
        ended = end_all(member_id, keep=keep)
        journal.record(
            actor_id=actor_id,
            action="member.signed_out",
            subject=("member", member_id),
            details={"sessions_ended": ended},
            now=now,
        )
    return ended


def end_all(member_id: int, *, keep: str | None = None) -> int:
    """End the sessions of a member, in the caller's transaction; return how many."""
    keys = UserSession.objects.filter(user_id=member_id).values_list("session_key", flat=True)
    return _end([key for key in keys if key != keep])


def _end(keys: list[str]) -> int:
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
