"""An agreement that passes every check assesses people, however wide; a wider one is refused before it is signed."""

from datetime import UTC, datetime, timedelta

import pytest

from orchard import flow
from orchard.agreement.document.checking import MOST_PARTS as MOST_IN_ALL
from orchard.agreement.models import Verdict
from orchard.contacts import actions as contacts
from orchard.engine.conditions.checking import MOST_PARTS
from orchard.interactions import actions as ledger
from orchard.interactions.models import Stuck
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.kit.errors import Refused
from tests.make import agreements

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
HANDOFF = "  any: [{score: total, at_least: 40}, {did: [quote.requested], within_days: 7}]"


def wide(parts, key="any"):
    rows = "\n".join(f"    - {{did: [quote.requested], within_days: {day}}}" for day in range(1, parts + 1))
    return agreements.SMALL.replace(HANDOFF, f"  {key}:\n{rows}")


def test_the_widest_handoff_assesses_who_comes(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    with clock.at(NOW):
        agreements.in_force(wide(MOST_PARTS))
        ann = contacts.create_contact(full_name="Ann", now=NOW)
        ledger.append([NewFact("quote.requested", NOW - timedelta(days=30), contact_id=ann)], now=NOW)
        ledger.drain(flow.CONSUMERS)
    assert not Stuck.objects.exists()
    assert Verdict.objects.get(contact_id=ann).qualified


def test_a_wider_handoff_is_refused_at_the_part_that_is_too_many():
    with pytest.raises(Refused, match="A condition may have at most 50 parts"):
        agreements.in_force(wide(MOST_PARTS + 1))


def test_many_rules_that_are_small_each_are_refused_at_the_one_that_is_too_many():
    rules = "\n".join(
        f"    - {{name: Rule {n}, kinds: [show.visited], points: 1, half_life_days: 30}}"
        for n in range(MOST_IN_ALL)
    )
    text = agreements.SMALL.replace("  engagement:\n", f"  engagement:\n{rules}\n")
    with pytest.raises(Refused, match="An agreement may have at most 100 parts"):
        agreements.in_force(text)
