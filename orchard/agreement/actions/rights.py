"""Who may change the agreement, asked again where the change is made."""

from orchard.agreement.rules import rights_of
from orchard.kit.errors import NotAllowed
from orchard.kit.words import Phrase
from orchard.team import queries as team
from orchard.team.types import Side


def may_draft(member_id: int) -> None:
    """Raise `NotAllowed` unless the member may write and propose."""
    if not rights_of(team.member(member_id)).drafts:
        raise NotAllowed(
            "Marketing, managers, admins and those who sign may change the agreement. Ask one of them."
        )


def may_sign(member_id: int, side: Side) -> None:
    """Raise `NotAllowed` unless the member holds the right to sign for `side`."""
    if side not in rights_of(team.member(member_id)).sides:
        raise NotAllowed(
            "You have no right to sign for {side}. An admin gives it, under Members.",
            side=Phrase(side.value.capitalize()),
        )
