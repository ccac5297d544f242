"""What the funnel counts where records were joined, and what it takes for the first meeting."""

from datetime import UTC, datetime, timedelta

import pytest

from orchard import flow
from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.reports.queries import numbers
from orchard.reports.types import Asked
from tests.make import agreements

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
BY_FIT = """\
name: By fit
score:
  fit:
    - {name: Can decide, when: {field: contact.seniority, in: [director]}, points: 50}
handoff:
  any: [{score: total, at_least: 40}]
promises:
  sales: {accept_within_hours: 4}
  marketing: {ripe_per_month: 120}
returns:
  - {reason: wrong_timing, label: Not now, eligible_after_days: 60}
"""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    with clock.at(NOW):
        yield


def told():
    return numbers.answer("funnel", Asked(), now=NOW).sheets[0]


def entered():
    ledger.drain(flow.CONSUMERS)
    return [(row["campaign"], row["entered"]) for row in told().rows]


def test_of_two_who_are_one_the_earliest_source_counts_and_each_its_own_again_when_parted():
    ad, fair = (campaigns.create_campaign(name=name, now=NOW) for name in ("Ad", "Fair"))
    ada, twin, bob = (contacts.create_contact(full_name=name, now=NOW) for name in ("Ada", "A.", "Bob"))
    campaigns.add_sources([(ada, ad, NOW), (twin, fair, NOW - timedelta(days=9))])
    joined = contacts.merge(survivor_id=ada, loser_id=twin, now=NOW, actor_id=None)
    assert entered() == [(None, 1), ("Fair", 1)]
    contacts.unmerge(merge_id=joined, now=NOW, actor_id=None)
    assert entered() == [(None, 1), ("Ad", 1), ("Fair", 1)]
    contacts.merge(survivor_id=bob, loser_id=twin, now=NOW, actor_id=None)
    assert entered() == [("Ad", 1), ("Fair", 1)]


def test_what_the_agreement_says_of_somebody_is_no_meeting():
    agreements.in_force(BY_FIT)
    ada = contacts.create_contact(full_name="Ada", seniority="director", now=NOW)
    ledger.append([NewFact("opportunity.won", NOW - timedelta(days=30), contact_id=ada)], now=NOW)
    ledger.drain(flow.CONSUMERS)
    assert told().total["early"] == 0
