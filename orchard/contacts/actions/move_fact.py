"""How what somebody did is given to the person who really did it, and back."""

from datetime import datetime

from django.db import transaction

from orchard.contacts.actions.change import living_contact
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.types import UnknownFact
from orchard.kit.errors import Refused


@transaction.atomic
def move_fact(*, interaction_id: int, of: int, to: int, member_id: int, now: datetime) -> None:
    """Let a fact of one living contact stand with another; scores, verdicts and reports follow.

    Raises `UnknownFact` where it is not the one's any more, `Gone` and `Hidden` as for every change of a contact, and
    `Refused` where it stands with that person already or is no fact that one person can have done for another.
    """
    one, other = _held(of, to)
    if one == other:
        raise Refused("It stands with this person already. Choose somebody else.")
    known = facts.facts_by_id([interaction_id]).get(interaction_id)
    if known is None or known.contact_id != one:
        raise UnknownFact("This entry is not there any more: it was withdrawn, or moved to somebody else.")
    if facts.discounted([interaction_id]):
        raise Refused("It was said to be not useful. Let it count again first.")
    ledger.reassign(interaction_id=interaction_id, contact_id=other, now=now, member_id=member_id)


@transaction.atomic
def move_fact_back(*, interaction_id: int, of: int, member_id: int, now: datetime) -> int:
    """Let a fact stand again with whom it stood before it was moved to this contact; return who that is.

    Raises `UnknownFact` where it was not moved, or moved on since.
    """
    before = facts.stood_with(interaction_id)
    living = facts.living([of] if before is None else [of, before])
    if before is None or living[before] == living[of]:
        raise UnknownFact("There is nothing to take back here.")
    move_fact(interaction_id=interaction_id, of=of, to=before, member_id=member_id, now=now)
    return living[before]


def _held(of: int, to: int) -> tuple[int, int]:
    """Lock both, in the order of their living ids as a merge does, and return these."""
    living = facts.living([of, to])
    for each in sorted(set(living.values())):
        living_contact(each)
    return living[of], living[to]
