"""How allauth acts for us: nobody signs up, mails go to the outbox, passwords change through the team's actions."""

import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponseBase
from django.template.loader import render_to_string

from orchard.kit import clock
from orchard.outbox import actions as outbox
from orchard.team import actions as team
from orchard.team.models import Member
from orchard.web.ui import theme


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Our answers to what allauth asks."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Say no: members come by invitation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail into the outbox; the same words to the same person leave once."""
        text = render_to_string(f"{template_prefix}_message.txt", context).strip()
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
        digest = hashlib.sha256(f"{email}\n{text}".encode()).hexdigest()
        outbox.put(
            channel="email",
            recipient=email,
            payload={"subject": subject, "text": text},
            unique_key=f"{template_prefix.rpartition('/')[2]}:{digest}",
            now=clock.now(),
        )

    def set_password(self, user: Member, password: str) -> None:
        """Set the password that a member chose by the link of a reset mail."""
        team.reset_password(member_id=user.id, new=password, now=clock.now())

    def add_message(self, *_args: Any, **_kwargs: Any) -> None:
        """Stay silent: our pages say what happened."""

    def post_login(self, request: HttpRequest, user: Member, **kwargs: Any) -> HttpResponseBase:
        """Bring the member's choice of light or dark to a device that has none of its own."""
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        if theme.COOKIE not in request.COOKIES:
            theme.keep(response, user.theme, secure=request.is_secure())
        return response
