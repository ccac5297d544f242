"""Who corrects the same fact at the same moment as somebody else: one does, and the other hears of it."""

from datetime import UTC, datetime

from django.db import transaction

from orchard.interactions import actions, queries
from orchard.interactions.models import Correction
from orchard.interactions.types import NewFact, UnknownFact
from orchard.kit.errors import Conflict
from tests.make.together import together

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def test_a_fact_that_is_moved_while_it_is_withdrawn_is_one_or_the_other_and_told_so(own_database):
    for _ in range(20):
        with transaction.atomic():
            (fact,) = actions.append([NewFact("form.submitted", NOW, contact_id=1)], now=NOW)
        while actions.place():
            pass
        moved, withdrawn = together(
            lambda fact=fact: actions.reassign(interaction_id=fact, contact_id=2, now=NOW),
            lambda fact=fact: actions.withdraw(interaction_ids=[fact], now=NOW),
        )
        standing = Correction.objects.get(interaction_id=fact, ended_by__isnull=True)
        if withdrawn == 1:
            assert moved is None or isinstance(moved, UnknownFact | Conflict)
            assert standing.contact_id is None
            assert fact not in queries.facts_by_id([fact])
        else:
            assert isinstance(withdrawn, Conflict)
            assert (moved, standing.contact_id) == (None, 2)
