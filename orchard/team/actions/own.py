"""What members change about themselves: name, time zone, theme, language, password."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from orchard.journal import actions as journal
from orchard.kit.errors import Refused
from orchard.kit.languages import LANGUAGES, UNCHOSEN, spoken
from orchard.outbox import actions as outbox
from orchard.team import letters, rules
from orchard.team.actions.sessions import end_all
from orchard.team.models import Member
from orchard.team.types import UnknownMember, WeakPassword, WrongPassword

THEMES = ("system", "light", "dark")


def change_profile(
    *, member_id: int, name: str, time_zone: str, theme: str, language: str, now: datetime
) -> None:
    """Change how a member is called, how times and pages look to him or her, and in which language they speak.

    An empty `language` lets pages speak as the browser asks.
    """
    rules.check_time_zone(time_zone)
    if theme not in THEMES:
        raise Refused("Choose light, dark or system.")
    if language not in (UNCHOSEN, *LANGUAGES):
        raise Refused("Choose a language from the list.")
    with transaction.atomic():
        changed = Member.objects.filter(id=member_id).update(
            name=rules.name_of(name), time_zone=time_zone, theme=theme, language=language
        )
        if not changed:
            raise UnknownMember("There is no such member.")
        journal.record(
            actor_id=member_id, action="member.profile_changed", subject=("member", member_id), now=now
        )


def change_password(
    *, member_id: int, old: str, new: str, now: datetime, keep_session: str | None = None
) -> None:
    """Change the password of a member who knows the old one; sign out everywhere but in `keep_session`."""
    with transaction.atomic():
        member = _locked(member_id)
        if not member.check_password(old):
            raise WrongPassword("This is not your present password.")
        _set_password(member, new, action="member.password_changed", keep_session=keep_session, now=now)


def reset_password(*, member_id: int, new: str, now: datetime) -> None:
    """Set the password of a member who proved to own the e-mail address; sign out everywhere."""
    with transaction.atomic():
        _set_password(_locked(member_id), new, action="member.password_reset", keep_session=None, now=now)


def check_new_password(password: str, member: Member) -> None:
    """Refuse a password that is too easy to guess for this member."""
    try:
        validate_password(password, member)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from error


def _set_password(member: Member, new: str, *, action: str, keep_session: str | None, now: datetime) -> None:
    check_new_password(new, member)
    member.set_password(new)
    member.save(update_fields=["password"])
    end_all(member.id, keep=keep_session)
    with spoken(member.language):
        letter = letters.password_changed(name=member.name)
    outbox.put(
        channel="email",
        recipient=member.email,
        payload=letter,
        unique_key=f"{action}:{member.id}:{now.isoformat()}",
        now=now,
    )
    journal.record(actor_id=member.id, action=action, subject=("member", member.id), now=now)


def _locked(member_id: int) -> Member:
    member = Member.objects.select_for_update().filter(id=member_id, is_active=True).first()
    if member is None:
        raise UnknownMember("There is no such member.")
    return member
