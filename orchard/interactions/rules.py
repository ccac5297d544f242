"""Who made a fact, a person, a machine, or nobody can tell; and whether it counts."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta
from operator import attrgetter

from orchard.interactions.kinds import MACHINE_PRONE
from orchard.interactions.types import Fact

VERSION = 1

UNSURE, MACHINE, USELESS = "unsure", "machine", "useless"
PROVES_NOTHING = "email.opened"

# Nobody follows this many links or opens this many pages of ours within the span; scanners and proxies do.
BURST = 5
SPAN = timedelta(seconds=10)


def made_by(facts: Sequence[Fact]) -> dict[int, str]:
    """Return `machine` or `unsure` for each fact (of one contact each, any order) that a person did not surely make.

    Opening a mail proves nothing, since mail programs fetch pictures by themselves: always `unsure`. A burst of at
    least `BURST` clicks, views or downloads of one contact within `SPAN` is a scanner's: `machine`.
    """
    verdicts = {fact.id: UNSURE for fact in facts if fact.kind == PROVES_NOTHING}
    for mine in _by_contact(facts).values():
        start = 0
        for end, fact in enumerate(mine):
            while fact.occurred_at - mine[start].occurred_at > SPAN:
                start += 1
            if end - start + 1 >= BURST:
                verdicts.update({each.id: MACHINE for each in mine[start : end + 1]})
    return verdicts


def classes(facts: Sequence[Fact], discounted: Collection[int]) -> dict[int, str]:
    """Return `made_by` of these facts, and `useless` for each that a member discounted, whoever made it."""
    return {**made_by(facts), **dict.fromkeys(discounted, USELESS)}


def _by_contact(facts: Sequence[Fact]) -> dict[int | None, list[Fact]]:
    """Return what may be a burst, in the order of time: the facts of those who have enough for one."""
    active = [fact for fact in facts if fact.kind in MACHINE_PRONE and fact.kind != PROVES_NOTHING]
    number = Counter(fact.contact_id for fact in active)
    found: dict[int | None, list[Fact]] = defaultdict(list)
    enough = [fact for fact in active if number[fact.contact_id] >= BURST]
    for fact in sorted(enough, key=attrgetter("occurred_at", "id")):
        found[fact.contact_id].append(fact)
    return found
