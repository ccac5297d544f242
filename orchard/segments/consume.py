"""How segments follow the ledger: whom facts concern is asked for all of them at once."""

from orchard.interactions.types import Batch
from orchard.segments import actions

NAME = "segments.members"
"""The name under which `members` reads the ledger."""


def members(batch: Batch) -> None:
    """Bring the memberships of everybody whom these facts concern up to date."""
    actions.follow(facts=batch.facts, now=batch.now)


def forget_members() -> None:
    """Empty the projection before a rebuild."""
    actions.forget_members()
