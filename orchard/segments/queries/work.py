"""What keeping the members asks: which segments can be asked, in which plans, and whom facts concern."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orchard.agreement import queries as agreement
from orchard.engine.conditions import Condition, atoms
from orchard.engine.conditions.checking import MOST_PARTS
from orchard.interactions.types import Fact, Facts
from orchard.segments import rules
from orchard.segments.queries.asking import Asked
from orchard.segments.queries.names import definitions, expanded, known, problems_of_use


@dataclass(frozen=True, slots=True)
class Askable:
    """A segment that can be asked: its condition with those that it names."""

    id: int
    revision: int
    condition: Condition


def askable(segment_ids: Iterable[int] | None = None) -> list[Askable]:
    """Return the segments in use that can be asked (of these), by id.

    One whose field was put away meanwhile cannot: its page says so, and its members stay.
    """
    saved, names = definitions(), known()
    wanted = None if segment_ids is None else set(segment_ids)
    return [
        Askable(each.id, each.revision, expanded(each.condition, saved))
        for each in saved.values()
        if not each.archived
        and (wanted is None or each.id in wanted)
        and not problems_of_use(each.condition, names, saved)
    ]


def plans(segments: Sequence[Askable]) -> list[tuple[list[Askable], Asked]]:
    """Return the segments in groups, each with the one plan that answers for all of the group."""
    names = known()
    groups = rules.in_plans(segments, lambda each: len(atoms(each.condition)), MOST_PARTS)
    return [(group, Asked(tuple(each.condition for each in group), names)) for group in groups]


def concerned(segments: Sequence[Askable], facts: Iterable[Fact]) -> set[int]:
    """Return the contacts whose membership these facts may turn; some may be no living ones any more."""
    conditions, known_facts = [each.condition for each in segments], Facts.sorted_out(facts)
    kinds = rules.kinds_that_turn(conditions)
    found = {fact.contact_id for fact in known_facts.of(kinds) if fact.contact_id is not None}
    found |= {
        fact.subject_id
        for fact in known_facts.of(("contact.merged", "contact.unmerged"))
        if fact.subject_id is not None
    }
    accounts = {fact.account_id for fact in known_facts.of(("account.changed",))} - {None}
    found |= {contact for contact, _ in agreement.people_of([each for each in accounts if each is not None])}
    found |= agreement.gone_with_imports(known_facts).keys()
    return agreement.colleagues(found) if rules.asks_score(conditions) else found
