"""The command that lets the first people in: an invitation without a page."""

import argparse

from django.conf import settings
from django.urls import reverse

from orchard.cli.types import Answer
from orchard.kit import clock
from orchard.team import actions
from orchard.team.types import Place, Role, Side


def member(given: argparse.Namespace) -> Answer:
    """Invite somebody and print the link."""
    host = next(iter(settings.CONFIG.hosts), "")
    address = given.address or (f"https://{host}" if host else "http://127.0.0.1:8000")
    invited = actions.invite(
        email=given.email,
        name=given.name,
        place=Place(Role(given.role), frozenset(Side(side) for side in given.signs_for)),
        link_to=lambda token: address.rstrip("/") + reverse("invitation:accept", args=[token]),
        actor_id=None,
        now=clock.now(),
    )
    return Answer(
        {"email": invited.email, "link": invited.link, "expires_at": invited.expires_at.isoformat()},
        f"{invited.email} comes in by this link, once, until {invited.expires_at:%-d %B %Y, %H:%M} UTC:\n"
        f"{invited.link}",
    )
