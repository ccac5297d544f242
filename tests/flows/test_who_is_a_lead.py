"""From a fact to the basket: who is a lead, why, and who is not yet."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from orchard import flow
from orchard.agreement import queries as agreement
from orchard.agreement.models import Verdict
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.models import Interaction, InteractionClass
from orchard.interactions.types import Lane, NewFact
from orchard.kit import clock
from orchard.leads import queries as leads
from orchard.leads.models import Lead
from orchard.leads.types import Freshness
from tests.make import agreements

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_nine():
    with clock.at(NOW):
        yield


@pytest.fixture
def version(at_nine):
    return agreements.in_force(agreements.SMALL)


def contact(name="Ada Lovelace", **values):
    return contacts.create_contact(full_name=name, now=clock.now(), **values)


def happened(contact_id, kind, *, days_ago=0.0, key=None):
    at = clock.now() - timedelta(days=days_ago)
    with transaction.atomic():
        return ledger.append([NewFact(kind, at, contact_id=contact_id, key=key)], now=clock.now())[0]


def drain():
    return ledger.drain(flow.CONSUMERS)


def told(contact_id):
    kinds = ("verdict.changed", "lead.waiting", "lead.withdrawn")
    facts = Interaction.objects.filter(contact_id=contact_id, kind__in=kinds).order_by("id")
    return [(fact.kind, fact.direction) if fact.direction else fact.kind for fact in facts]


def test_who_asks_for_a_quote_waits_in_the_basket_with_the_reason(version):
    ada = contact()
    happened(ada, "quote.requested")
    drain()
    (lead,) = leads.basket(now=NOW).rows
    assert (lead.contact_id, lead.name, lead.stale) == (ada, "Ada Lovelace", False)
    assert lead.reasons == ["has asked for a quote within the last 7 days"]
    assert told(ada) == [("verdict.changed", "in"), "lead.waiting"]


def test_who_is_a_lead_by_points_is_told_by_what_earned_them_and_not_by_the_threshold(version):
    ada = contact()
    for days_ago in (0, 1):
        happened(ada, "show.visited", days_ago=days_ago)
    drain()
    (lead,) = leads.basket(now=NOW).rows
    assert lead.reasons == ["Visited our booth"]
    assert agreement.decided_of([ada])[ada].because == ["Visited our booth"]


def test_what_must_not_hold_is_never_told_as_a_reason(at_nine):
    two = "any: [{did: [quote.requested], within_days: 7},"
    two += " {all: [{score: total, at_least: 40}, {not: {did: [show.visited], within_days: 7}}]}]"
    one = "any: [{score: total, at_least: 40}, {did: [quote.requested], within_days: 7}]"
    assert one in agreements.SMALL
    agreements.in_force(agreements.SMALL.replace(one, two))
    ada = contact()
    for kind in ("show.visited", "quote.requested"):
        happened(ada, kind)
    drain()
    (lead,) = leads.basket(now=NOW).rows
    assert lead.reasons == ["has asked for a quote within the last 7 days"]


def test_an_import_that_meets_the_same_contact_does_not_take_a_forms_word_into_its_own_lane(version):
    ada = contact()
    drain()
    happened(ada, "quote.requested")
    with transaction.atomic():
        ledger.append([NewFact("show.visited", NOW, contact_id=ada)], now=NOW, lane=Lane.BULK)
    ledger.place()
    ledger.take_turn(flow.CONSUMERS, Lane.BULK)
    assert told(ada) == []
    ledger.take_turn(flow.CONSUMERS, Lane.LIVE)
    assert Interaction.objects.get(kind="verdict.changed").bulk is False
    drain()
    assert told(ada) == [("verdict.changed", "in"), "lead.waiting"]


def test_who_is_not_yet_qualified_is_told_what_is_missing(version):
    ada = contact()
    happened(ada, "show.visited")
    drain()
    assert not leads.basket(now=NOW).rows
    verdict = agreement.verdict_of(ada, now=NOW)
    assert (verdict.qualified, verdict.tenths, verdict.decided) == (False, 250, False)
    assert [(line.name, line.tenths) for line in verdict.lines] == [("Visited our booth", 250)]
    assert [(reason.words, reason.lacks) for reason in verdict.missing] == [
        ("the score is at least 40", 150),
        ("has asked for a quote within the last 7 days", None),
    ]


def test_a_lead_is_withdrawn_when_time_alone_ends_its_verdict(version):
    ada = contact()
    happened(ada, "quote.requested", days_ago=6)
    drain()
    assert leads.counts(now=NOW).fresh == 1
    due_at = Verdict.objects.get(contact_id=ada).due_at
    assert due_at == datetime(2026, 11, 3, 10, tzinfo=UTC)
    with clock.at(due_at):
        for each in flow.CLOCKWORK:
            each.function(clock.now())
        drain()
        assert leads.counts(now=clock.now()) == leads.Counts(fresh=0, stale=0)
    assert told(ada)[2:] == [("verdict.changed", "out"), "lead.withdrawn"]


def test_who_comes_back_becomes_a_new_lead(version):
    ada = contact()
    quote = happened(ada, "quote.requested")
    drain()
    ledger.withdraw(interaction_ids=[quote], now=NOW)
    drain()
    happened(ada, "quote.requested")
    drain()
    states = Lead.objects.filter(contact=ada).order_by("id").values_list("state", flat=True)
    assert list(states) == ["withdrawn", "waiting"]


def test_a_lead_grows_stale_and_a_new_fact_makes_it_fresh(at_nine):
    agreements.in_force(agreements.SMALL.replace("within_days: 7", "within_days: 90"))
    ada = contact()
    happened(ada, "quote.requested", days_ago=20)
    drain()
    assert leads.counts(now=NOW) == leads.Counts(fresh=0, stale=1)
    assert [lead.stale for lead in leads.basket(now=NOW, freshness=Freshness.STALE).rows] == [True]
    happened(ada, "show.visited", days_ago=1)
    drain()
    assert leads.counts(now=NOW) == leads.Counts(fresh=1, stale=0)


def test_reading_the_ledger_again_brings_nobody_into_the_basket_twice(version):
    ada = contact()
    happened(ada, "quote.requested")
    drain()
    before = Interaction.objects.count()
    verdicts = list(Verdict.objects.order_by("contact_id").values())
    assert ledger.rebuild(flow.CONSUMERS).differences == 0
    drain()
    assert list(Verdict.objects.order_by("contact_id").values()) == verdicts
    assert Interaction.objects.count() == before
    assert Lead.objects.count() == 1


def test_a_rebuild_counts_what_stood_otherwise_than_the_ledger_says(version):
    ada, twin = contact(), contact("A. Lovelace")
    happened(ada, "quote.requested")
    for _ in range(6):
        happened(twin, "email.clicked")
    drain()
    assert ledger.rebuild(flow.CONSUMERS).differences == 0
    assert InteractionClass.objects.count() == 6
    Verdict.objects.filter(contact_id=ada).update(qualified=False)
    InteractionClass.objects.filter(made_by="machine").order_by("pk").first().delete()
    assert ledger.rebuild(flow.CONSUMERS).differences == 2
    assert ledger.rebuild(flow.CONSUMERS).differences == 0


def test_the_open_lead_of_a_merged_contact_goes_over_to_the_survivor(version):
    ada, twin = contact(), contact("A. Lovelace", emails=["ada@example.com"])
    happened(twin, "quote.requested")
    drain()
    contacts.merge(survivor_id=ada, loser_id=twin, now=NOW, actor_id=None)
    drain()
    assert list(Lead.objects.values_list("contact_id", "state")) == [(ada, "waiting")]
    assert not Verdict.objects.filter(contact_id=twin).exists()


def test_of_two_open_leads_one_ends_as_merged(version):
    ada, twin = contact(), contact("A. Lovelace", emails=["ada@example.com"])
    happened(twin, "quote.requested")
    happened(ada, "quote.requested")
    drain()
    contacts.merge(survivor_id=ada, loser_id=twin, now=NOW, actor_id=None)
    drain()
    assert sorted(Lead.objects.values_list("contact_id", "state")) == [(ada, "waiting"), (twin, "merged")]


def wait():
    return sorted(Lead.objects.filter(state="waiting").values_list("contact_id", flat=True))


def test_a_lead_stays_where_it_was_when_a_merge_is_undone_before_anybody_read_of_it(version):
    ada, twin = contact(), contact("A. Lovelace")
    happened(twin, "quote.requested", days_ago=1)
    drain()
    merge = contacts.merge(survivor_id=ada, loser_id=twin, now=NOW, actor_id=None)
    contacts.unmerge(merge_id=merge, now=NOW, actor_id=None)
    drain()
    assert wait() == [twin]
    assert told(twin) == [("verdict.changed", "in"), "lead.waiting"]


def test_a_lead_goes_back_to_whose_verdict_it_is_when_contacts_are_parted(version):
    ada, twin = contact(), contact("A. Lovelace")
    happened(twin, "quote.requested", days_ago=1)
    drain()
    merge = contacts.merge(survivor_id=ada, loser_id=twin, now=NOW, actor_id=None)
    drain()
    assert wait() == [ada]
    contacts.unmerge(merge_id=merge, now=NOW, actor_id=None)
    drain()
    assert wait() == [twin]
    assert Lead.objects.count() == 1


def test_two_leads_that_became_one_are_two_again_when_their_contacts_are_parted(version):
    ada, twin = contact(), contact("A. Lovelace")
    quotes = {each: happened(each, "quote.requested", days_ago=1) for each in (ada, twin)}
    drain()
    for _ in range(2):
        merge = contacts.merge(survivor_id=ada, loser_id=twin, now=NOW, actor_id=None)
        drain()
        assert wait() == [ada]
        contacts.unmerge(merge_id=merge, now=NOW, actor_id=None)
        drain()
        assert wait() == [ada, twin]
    ledger.withdraw(interaction_ids=[quotes[twin]], now=NOW)
    drain()
    assert wait() == [ada]
    leads_told = [each for each in told(twin) + told(ada) if str(each).startswith("lead.")]
    assert (leads_told.count("lead.waiting"), leads_told.count("lead.withdrawn")) == (4, 3)


def test_a_survivor_who_became_qualified_itself_keeps_a_lead_when_parted(version):
    ada, twin = contact(), contact("A. Lovelace")
    happened(twin, "quote.requested", days_ago=1)
    drain()
    merge = contacts.merge(survivor_id=ada, loser_id=twin, now=NOW, actor_id=None)
    drain()
    happened(ada, "quote.requested")
    drain()
    contacts.unmerge(merge_id=merge, now=NOW, actor_id=None)
    drain()
    assert wait() == [ada, twin]
