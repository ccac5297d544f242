"""The clockwork that forgets where members were signed in, once that is over."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef


def forget_sessions(now: datetime) -> int:
    """Remove sessions that have run out, and the device and IP address noted of each; return how many."""
    Session.objects.filter(expire_date__lte=now).delete()
    living = Session.objects.filter(session_key=OuterRef("session_key"))
    forgotten, _ = UserSession.objects.filter(~Exists(living)).delete()
    return int(forgotten)
