"""The ledger's own projection: the class of each fact that counts for nothing, whether by who made it or by word."""

from orchard.interactions.actions.classes import keep_classes, keep_unsure
from orchard.interactions.kinds import MACHINE_PRONE
from orchard.interactions.models import InteractionClass
from orchard.interactions.queries import hurried, prone_facts_of
from orchard.interactions.rules import BURST, PROVES_NOTHING, SPAN
from orchard.interactions.types import DISCOUNTS, Batch


def classify(batch: Batch) -> None:
    """Classify anew the machine-prone facts that these may concern, so that order of arrival does not matter.

    Who is in no hurry and never was has facts that say by themselves what they are: of the new ones only those are kept
    that prove nothing. What a member says of one is a fact of its own, after which all of that contact's are looked at.
    Whose pace was looked at with all that stands of them, and decided by it, has nothing new in what lies before that.
    """
    moved = {fact.contact_id for fact in batch.facts.of(_MOVES) if fact.contact_id is not None}
    active = {fact.contact_id for fact in batch.facts.of(MACHINE_PRONE - {PROVES_NOTHING}) if fact.contact_id}
    unknown = batch.seen.yet(active - moved, last=batch.facts[-1].pos, by="pace")
    suspects = {*moved, *hurried(unknown, burst=BURST, span=SPAN)}
    batch.seen.note({*unknown, *moved}, upto=batch.upto)
    opened = batch.facts.of((PROVES_NOTHING,))
    keep_unsure(
        [fact.id for fact in opened if fact.contact_id is not None and fact.contact_id not in suspects]
    )
    said = {fact.subject_id for fact in batch.facts.of(DISCOUNTS)}
    keep_classes(prone_facts_of(suspects) if suspects else (), said=set(filter(None, said)))


def forget_classes() -> None:
    """Empty the projection before a rebuild."""
    InteractionClass.objects.all().delete()


_MOVES = DISCOUNTS | {"contact.merged", "contact.unmerged", "fact.reassigned", "fact.withdrawn"}
