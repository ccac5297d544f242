"""The ledger's own projection: the class of each fact that software can make without a person."""

from collections.abc import Sequence

from django.db import connection

from orchard.interactions.kinds import MACHINE_PRONE
from orchard.interactions.models import InteractionClass
from orchard.interactions.queries import classes_of, hurried, prone_facts_of
from orchard.interactions.rules import BURST, SPAN, VERSION, made_by
from orchard.interactions.types import Batch, Fact
from orchard.kit.ids import as_array

_KEEP = """
INSERT INTO interaction_class (interaction_id, made_by, version)
SELECT id, maker, %s FROM unnest(%s::bigint[], %s::text[]) given (id, maker) ORDER BY id
ON CONFLICT (interaction_id) DO UPDATE SET made_by = excluded.made_by, version = excluded.version
"""


def classify(batch: Batch) -> None:
    """Classify anew the machine-prone facts that these may concern, so that order of arrival does not matter.

    Who is in no hurry and never was has facts that say by themselves what they are: only the new ones are looked at.
    """
    facts = [fact for fact in batch.facts if fact.contact_id is not None]
    moved = {fact.contact_id for fact in facts if fact.kind in _MOVES}
    prone = [fact for fact in facts if fact.kind in MACHINE_PRONE]
    active = {fact.contact_id for fact in prone if fact.kind != "email.opened"}
    suspects = {*moved, *hurried(filter(None, active - moved), burst=BURST, span=SPAN)}
    _keep([
        *(fact for fact in prone if fact.contact_id not in suspects),
        *(prone_facts_of(filter(None, suspects)) if suspects else ()),
    ])  # fmt: skip


def _keep(facts: Sequence[Fact]) -> None:
    """Store what is decided of these facts, where it is another than what stands."""
    if not facts:
        return
    verdicts = made_by(facts)
    known = classes_of(fact.id for fact in facts)
    gone = [identity for identity in known if identity not in verdicts]
    if gone:
        InteractionClass.objects.filter(interaction_id__in=gone).delete()
    changed = {identity: maker for identity, maker in verdicts.items() if known.get(identity) != maker}
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [VERSION, as_array(changed), list(changed.values())])


def forget_classes() -> None:
    """Empty the projection before a rebuild."""
    InteractionClass.objects.all().delete()


_MOVES = frozenset({"contact.merged", "contact.unmerged", "fact.reassigned", "fact.withdrawn"})
