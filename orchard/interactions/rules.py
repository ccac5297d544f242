"""Who made a fact, a person, a machine, or nobody can tell; and whether it counts."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta

from orchard.interactions.kinds import MACHINE_PRONE
from orchard.interactions.types import Fact

VERSION = 1

# Nobody follows this many links or opens this many pages of ours within the span; scanners and proxies do.
BURST = 5
SPAN = timedelta(seconds=10)


def made_by(facts: Sequence[Fact]) -> dict[int, str]:
    """Return `machine` or `unsure` for each fact (of one contact each, any order) that a person did not surely make.

    Opening a mail proves nothing, since mail programs fetch pictures by themselves: always `unsure`. A burst of at
    least `BURST` clicks, views or downloads of one contact within `SPAN` is a scanner's: `machine`.
    """
    verdicts = {fact.id: "unsure" for fact in facts if fact.kind == "email.opened"}
    for mine in _by_contact(facts).values():
        start = 0
        for end, fact in enumerate(mine):
            while fact.occurred_at - mine[start].occurred_at > SPAN:
                start += 1
            if end - start + 1 >= BURST:
                verdicts.update({each.id: "machine" for each in mine[start : end + 1]})
    return verdicts


def classes(facts: Sequence[Fact], discounted: Collection[int]) -> dict[int, str]:
    """Return `made_by` of these facts, and `useless` for each that a member discounted, whoever made it."""
    return {**made_by(facts), **dict.fromkeys(discounted, "useless")}


def _by_contact(facts: Sequence[Fact]) -> dict[int | None, list[Fact]]:
    found: dict[int | None, list[Fact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda each: (each.occurred_at, each.id)):
        if fact.kind in MACHINE_PRONE and fact.kind != "email.opened":
            found[fact.contact_id].append(fact)
    return found
