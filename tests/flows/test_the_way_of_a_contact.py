"""The stages of a contact: where it is on its way, what is told of it, and what follows when the past changes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from orchard import flow
from orchard.agreement import actions as agreement_actions
from orchard.agreement import queries as agreement
from orchard.agreement.models import StageReached, Verdict
from orchard.agreement.types import STAGE_NUMBERS
from orchard.contacts import actions as contacts
from orchard.engine.conditions import read
from orchard.interactions import actions as ledger
from orchard.interactions.models import Interaction
from orchard.interactions.types import Lane, NewFact
from orchard.kit import clock
from orchard.segments.queries import contacts_matching
from tests.make import agreements

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_half_past_nine(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    with clock.at(NOW):
        yield


@pytest.fixture
def version():
    return agreements.in_force(agreements.SMALL)


def contact(name="Ada Lovelace", **values):
    return contacts.create_contact(full_name=name, now=clock.now(), **values)


def happened(contact_id, *kinds, hours_ago=0.0, lane=Lane.LIVE):
    at = clock.now() - hours_ago * HOUR
    with transaction.atomic():
        return ledger.append(
            [NewFact(kind, at, contact_id=contact_id) for kind in kinds], now=clock.now(), lane=lane
        )


def drain():
    ledger.drain(flow.CONSUMERS)


def stage(contact_id):
    drain()
    return agreement.stage_of(contact_id).stage


def told(contact_id):
    names = {number: name for name, number in STAGE_NUMBERS.items()}
    facts = Interaction.objects.filter(contact_id=contact_id, kind="stage.entered").order_by("id")
    return [names[fact.subject_id] for fact in facts]


def test_a_contact_goes_its_way_and_comes_back(version):
    ada = contact()
    assert stage(ada) == "contact"
    happened(ada, "email.opened", "page.viewed", hours_ago=60)
    assert stage(ada) == "contact"
    happened(ada, "form.submitted", hours_ago=50)
    assert stage(ada) == "engaged"
    happened(ada, "quote.requested")
    assert stage(ada) == "qualified"
    for kind, expected in (
        ("lead.accepted", "accepted"),
        ("opportunity.opened", "opportunity"),
        ("opportunity.lost", "nurturing"),
        ("lead.accepted", "accepted"),
        ("lead.returned", "nurturing"),
        ("opportunity.won", "customer"),
        ("lead.returned", "customer"),
    ):
        with clock.at(clock.now() + HOUR):
            happened(ada, kind)
            assert stage(ada) == expected
    shown = agreement.stage_of(ada)
    assert (shown.since, shown.rounds, shown.label) == (NOW + HOUR, 2, "customer")


def test_the_ledger_is_told_of_each_stage_once_but_not_of_mere_engagement(version):
    ada, bea = contact(), contact("Bea")
    happened(ada, "form.submitted", hours_ago=2)
    happened(bea, "form.submitted", hours_ago=2)
    drain()
    (quote,) = happened(ada, "quote.requested")
    drain()
    happened(ada, "show.visited")
    drain()
    assert (told(ada), told(bea)) == (["qualified"], [])
    ledger.withdraw(interaction_ids=[quote], now=NOW)
    drain()
    assert told(ada) == ["qualified", "engaged"]


def test_a_stage_is_told_with_the_time_of_what_led_there():
    ada = contact()
    happened(ada, "opportunity.won", hours_ago=900)
    drain()
    fact = Interaction.objects.get(contact_id=ada, kind="stage.entered")
    assert (fact.occurred_at, fact.recorded_at) == (NOW - 900 * HOUR, NOW)
    assert (fact.subject_kind, fact.subject_id) == ("stage", STAGE_NUMBERS["customer"])


def test_an_earlier_fact_that_arrives_late_moves_the_beginning():
    ada = contact()
    happened(ada, "form.submitted", hours_ago=5)
    drain()
    happened(ada, "show.visited", hours_ago=8, lane=Lane.BULK)
    drain()
    happened(ada, "show.visited", hours_ago=6)
    drain()
    assert agreement.stage_of(ada).since == NOW - 8 * HOUR


def test_what_was_withdrawn_before_it_was_read_counts_for_nothing():
    ada, bea = contact(), contact("Bea")
    (form,) = happened(ada, "form.submitted", lane=Lane.BULK)
    (visit,) = happened(ada, "show.visited", lane=Lane.BULK)
    ledger.withdraw(interaction_ids=[form], now=NOW)
    ledger.reassign(interaction_id=visit, contact_id=bea, now=NOW)
    assert (stage(ada), stage(bea)) == ("contact", "engaged")


def test_merged_contacts_have_one_way_and_parted_ones_their_own_again():
    ada, twin = contact(), contact("A. Lovelace", emails=["ada@example.com"])
    happened(ada, "lead.returned", hours_ago=3)
    happened(twin, "lead.returned", hours_ago=2)
    happened(twin, "opportunity.won", hours_ago=1)
    drain()
    merge = contacts.merge(survivor_id=ada, loser_id=twin, now=NOW, actor_id=None)
    assert stage(ada) == "customer"
    assert agreement.stage_of(ada).rounds == 2
    assert not StageReached.objects.filter(contact_id=twin).exists()
    contacts.unmerge(merge_id=merge, now=NOW, actor_id=None)
    assert (stage(ada), stage(twin)) == ("nurturing", "customer")
    assert agreement.stage_of(ada).rounds == 1
    assert told(ada) == ["nurturing", "customer", "nurturing"]
    assert told(twin) == ["customer"]


def verdicts_told(contact_id):
    facts = Interaction.objects.filter(contact_id=contact_id, kind="verdict.changed").order_by("id")
    return [fact.direction for fact in facts]


def test_two_qualified_contacts_who_are_joined_are_one_qualified_contact(version):
    ada, twin = contact(), contact("A. Lovelace")
    happened(ada, "quote.requested", hours_ago=2)
    happened(twin, "quote.requested", hours_ago=1)
    drain()
    contacts.merge(survivor_id=ada, loser_id=twin, now=NOW, actor_id=None)
    assert stage(ada) == "qualified"
    assert Verdict.objects.get(contact_id=ada).qualified
    assert (verdicts_told(ada), verdicts_told(twin)) == (["in"], ["in"])
    assert agreement_actions.refresh(now=NOW).changed == 0
    assert ledger.rebuild(flow.CONSUMERS).differences == 0


def test_a_verdict_that_lapsed_before_its_contact_was_joined_takes_nothing_from_the_survivor(version):
    ada, twin = contact(), contact("A. Lovelace")
    happened(ada, "quote.requested", hours_ago=2)
    (quote,) = happened(twin, "quote.requested", hours_ago=1)
    drain()
    ledger.withdraw(interaction_ids=[quote], now=NOW)
    drain()
    assert verdicts_told(twin) == ["in", "out"]
    contacts.merge(survivor_id=ada, loser_id=twin, now=NOW, actor_id=None)
    assert stage(ada) == "qualified"


def test_a_verdict_that_lapsed_while_its_contact_was_joined_is_told_once_they_are_parted(version):
    ada, twin = contact(), contact("A. Lovelace")
    (quote,) = happened(twin, "quote.requested", hours_ago=1)
    drain()
    merge = contacts.merge(survivor_id=ada, loser_id=twin, now=NOW, actor_id=None)
    assert stage(ada) == "qualified"
    ledger.withdraw(interaction_ids=[quote], now=NOW)
    assert stage(ada) == "contact"
    contacts.unmerge(merge_id=merge, now=NOW, actor_id=None)
    assert (stage(ada), stage(twin)) == ("contact", "contact")
    assert verdicts_told(twin) == ["in", "out"]


def test_who_was_erased_has_no_stage():
    ada = contact()
    happened(ada, "form.submitted")
    drain()
    contacts.erase_contact(contact_id=ada, now=NOW, actor_id=None)
    drain()
    assert not StageReached.objects.exists()
    assert told(ada) == []


def test_a_rebuild_gives_every_stage_back_and_tells_nothing(version):
    people = [contact(f"Person {number}") for number in range(12)]
    ways = ("form.submitted", "quote.requested", "lead.accepted", "lead.returned", "show.visited")
    for number, person in enumerate(people):
        for turn in range(number % 7):
            kind = ways[(number + turn * turn) % len(ways)]
            lane = (Lane.LIVE, Lane.BULK)[turn % 2]
            happened(person, kind, hours_ago=(number * 7 + turn * 5) % 11, lane=lane)
            if turn % 3 == 0:
                drain()
    contacts.merge(survivor_id=people[3], loser_id=people[5], now=NOW, actor_id=None)
    drain()
    facts = Interaction.objects.count()
    assert len(set(StageReached.objects.values_list("stage", flat=True))) > 2
    assert ledger.rebuild(flow.CONSUMERS).differences == 0
    drain()
    assert Interaction.objects.count() == facts


def conditioned(condition):
    return agreements.in_force(
        agreements.SMALL.replace("any: [{score: total, at_least: 40}, ", f"all: [{condition}, ")
    )


@pytest.mark.parametrize(
    ("condition", "kinds", "qualified"),
    [
        ("{stage: [engaged]}", ("quote.requested",), True),
        ("{stage: [engaged]}", ("quote.requested", "lead.disqualified"), False),
        ("{not: {stage: [customer, opportunity]}}", ("quote.requested", "opportunity.won"), False),
        ("{stage: [nurturing]}", ("quote.requested", "lead.returned"), True),
    ],
)
def test_the_agreement_may_ask_for_the_stage_and_settles(condition, kinds, qualified):
    conditioned(condition)
    ada = contact()
    for kind in kinds:
        happened(ada, kind)
        drain()
    drain()
    assert Verdict.objects.get(contact_id=ada).qualified is qualified
    assert agreement_actions.refresh(now=NOW).changed == 0


def test_whoever_nothing_happened_with_is_in_the_first_stage_for_the_agreement():
    agreements.in_force(
        agreements.SMALL.replace(
            "any: [{score: total, at_least: 40}, {did: [quote.requested], within_days: 7}]",
            "all: [{stage: [contact]}, {field: contact.seniority, is: director}]",
        )
    )
    ada, bea = contact(seniority="director"), contact("Bea", seniority="director")
    happened(bea, "form.submitted")
    drain()
    assert Verdict.objects.get(contact_id=ada).qualified
    assert not Verdict.objects.get(contact_id=bea).qualified
    assert agreement_actions.refresh(now=NOW).changed == 0
    assert agreement.stage_of(ada).stage == "qualified"


def test_a_list_finds_contacts_by_their_stage(version):
    ada, bea, cleo = (contact(name) for name in ("Ada", "Bea", "Cleo"))
    happened(ada, "quote.requested")
    happened(bea, "form.submitted")
    drain()

    def found(condition):
        return contacts_matching(read(condition), now=NOW).contact_ids

    assert found({"stage": "qualified"}) == {ada}
    assert found({"stage": ["contact", "engaged"]}) == {bea, cleo}
    assert found({"stage": "contact"}) == {cleo}
    assert found({"not": {"stage": "contact"}}) == {ada, bea}


def test_the_agreement_gives_stages_their_words():
    agreements.in_force(agreements.SMALL + "stages: {qualified: Ripe}\n")
    ada = contact()
    happened(ada, "quote.requested")
    drain()
    assert agreement.stage_of(ada).label == "Ripe"
    assert list(agreement.stage_labels().values())[:3] == ["contact", "engaged", "Ripe"]
    (fact,) = ledger_facts(ada, "stage.entered")
    assert agreement.stages_entered([fact]) == {fact.id: "Ripe"}


def ledger_facts(contact_id, kind):
    from orchard.interactions import queries

    return [fact for fact in queries.facts_of([contact_id]) if fact.kind == kind]


def test_no_agreement_may_rest_on_the_stage_that_it_gives():
    text = agreements.SMALL.replace("any: [{score", "any: [{not: {stage: [engaged, qualified]}}, {score")
    (mistake,) = agreement.check_text(text)
    assert str(mistake).endswith(
        "handoff.any[0].not.stage: Who is `qualified` is what this agreement decides;"
        " ask for the stages before or after it."
    )
