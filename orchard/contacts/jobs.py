"""The clockwork that keeps the list of erasures whole, and lets go of files that were removed."""

from datetime import datetime

from orchard.contacts import actions

# Batches in one look, at most: other clockwork waits meanwhile.
ROUNDS = 20


def note_erasures(_now: datetime) -> int:
    """Write to the list of erasures who is erased and not in it; return how many ids that were."""
    return actions.complete_list()


def forget_files(now: datetime) -> int:
    """Delete for good the files that were removed a day ago, with what is in them; return how many."""
    total = 0
    for _ in range(ROUNDS):
        did = actions.forget_removed_files(now=now)
        total += did
        if not did:
            break
    return total
