"""How it is kept who made a fact, where that makes it count for nothing."""

from collections.abc import Collection, Sequence

from django.db import connection

from orchard.interactions.models import InteractionClass
from orchard.interactions.queries import classes_of, discounted
from orchard.interactions.rules import UNSURE, VERSION, classes
from orchard.interactions.types import Fact
from orchard.kit.ids import as_array

_KEEP = """
INSERT INTO interaction_class (interaction_id, made_by, version)
SELECT id, maker, %s FROM unnest(%s::bigint[], %s::text[]) given (id, maker) ORDER BY id
ON CONFLICT (interaction_id) DO UPDATE SET made_by = excluded.made_by, version = excluded.version
"""

_UNSURE = """
INSERT INTO interaction_class (interaction_id, made_by, version)
SELECT id, %s, %s FROM unnest(%s::bigint[]) given (id) ORDER BY id ON CONFLICT (interaction_id) DO NOTHING
"""


def keep_unsure(interaction_ids: Collection[int]) -> None:
    """Store of facts that nothing is decided of yet that nobody can tell who made them; what is said of one stands."""
    if interaction_ids:
        with connection.cursor() as cursor:
            cursor.execute(_UNSURE, [UNSURE, VERSION, as_array(interaction_ids)])


def keep_classes(facts: Sequence[Fact], said: Collection[int] = ()) -> None:
    """Store what is decided of these facts, and of those that something was `said` of, where another class stands."""
    ids = {fact.id for fact in facts} | set(said)
    if not ids:
        return
    verdicts = classes(facts, discounted(ids))
    known = classes_of(ids)
    gone = [identity for identity in known if identity not in verdicts]
    if gone:
        InteractionClass.objects.filter(interaction_id__in=gone).delete()
    changed = {identity: maker for identity, maker in verdicts.items() if known.get(identity) != maker}
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [VERSION, as_array(changed), list(changed.values())])
