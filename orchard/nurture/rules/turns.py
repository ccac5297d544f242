"""How facts that were read at once are taken one after the other where their order decides."""

from collections.abc import Iterator, Sequence

from orchard.interactions.types import Fact

HANDED_OVER = frozenset({"lead.offered", "lead.accepted"})
"""By which a contact comes into the hands of Sales: a lead that only waits is in nobody's."""

TAKEN_BACK = HANDED_OVER | {"lead.returned", "lead.disqualified"}
"""What a member can take back that let a contact into a program, or was the end of one."""

TURNS = HANDED_OVER | {"lead.returned", "contact.merged", "contact.unmerged", "opportunity.won"}
"""What may end an enrolment, and what may begin one: of two about one contact, the first is to be done first."""


def apart(facts: Sequence[Fact]) -> Iterator[Sequence[Fact]]:
    """Yield the facts in runs within which each contact has at most one turn, in their order."""
    run: list[Fact] = []
    turned: set[int] = set()
    for fact in facts:
        if fact.kind in TURNS and fact.contact_id is not None:
            about = {fact.contact_id}
            if fact.kind.startswith("contact.") and fact.subject_id is not None:
                about.add(fact.subject_id)
            if about & turned:
                yield run
                run, turned = [], set()
            turned |= about
        run.append(fact)
    if run:
        yield run
