"""The ledger's own projection: the class of each fact that software can make without a person."""

from orchard.interactions.kinds import MACHINE_PRONE
from orchard.interactions.models import InteractionClass
from orchard.interactions.queries import prone_facts_of
from orchard.interactions.rules import VERSION, made_by
from orchard.interactions.types import Batch


def classify(batch: Batch) -> None:
    """Classify anew all machine-prone facts of the contacts concerned, so that order of arrival does not matter."""
    concerned = {fact.contact_id for fact in batch.facts if fact.kind in MACHINE_PRONE or fact.kind in _MOVES}
    contact_ids = [contact for contact in concerned if contact is not None]
    if not contact_ids:
        return
    facts = prone_facts_of(contact_ids)
    verdicts = made_by(facts)
    known = dict(
        InteractionClass.objects.filter(interaction_id__in=[fact.id for fact in facts]).values_list(
            "interaction_id", "made_by"
        )
    )
    gone = [identity for identity in known if identity not in verdicts]
    InteractionClass.objects.filter(interaction_id__in=gone).delete()
    InteractionClass.objects.bulk_create(
        [
            InteractionClass(interaction_id=identity, made_by=maker, version=VERSION)
            for identity, maker in verdicts.items()
            if known.get(identity) != maker
        ],
        update_conflicts=True,
        unique_fields=["interaction_id"],
        update_fields=["made_by", "version"],
    )


def forget_classes() -> None:
    """Empty the projection before a rebuild."""
    InteractionClass.objects.all().delete()


_MOVES = frozenset({"contact.merged", "contact.unmerged", "fact.reassigned", "fact.withdrawn"})
