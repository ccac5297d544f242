"""Who came back enters the program that answers the reason, once, and goes through its steps."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from orchard import flow
from orchard.agreement import queries as agreement
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.models import Interaction
from orchard.kit import clock
from orchard.leads import actions as leads
from orchard.leads.models import Lead
from orchard.nurture import actions, queries
from orchard.nurture.models import Enrolment
from orchard.tasks import actions as tasks
from orchard.tasks.models import Task
from orchard.team.models import Member
from tests.make import agreements
from tests.make.leads import AGREEMENT, drain, happened, lead_of, rep, ripe, tick
from tests.make.programs import CALL, WAIT, enrolment_of, later, live, marketer, next_version, returns, said

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        yield


def offered(name="Ada Lovelace", **values):
    """Make a contact whose lead is offered to somebody."""
    contact = ripe(name, **values)
    tick()
    assert lead_of(contact).state == "offered"
    return contact


def test_who_came_back_for_a_reason_enters_waits_and_becomes_a_task_of_who_returned_it():
    lars, _ = rep(), live()
    ada = offered()
    lead = returns(ada)
    tick()
    mine = enrolment_of(ada)
    assert (mine.state, mine.at_step, mine.due_at) == ("active", "1", MONDAY + timedelta(days=30))
    fact = Interaction.objects.get(id=mine.cause_id)
    assert (fact.kind, fact.subject_id) == ("lead.returned", lead.id)
    with later(days=30):
        tick()
    task = Task.objects.get(contact_id=ada)
    assert (task.member_id, task.title, task.made_by) == (lars.id, "Ask how it goes", None)
    assert (task.subject_kind, task.subject_id) == ("enrolment", mine.id)
    mine.refresh_from_db()
    assert (mine.state, mine.outcome, mine.due_at) == ("done", "finished", None)
    assert list(
        Interaction.objects.filter(kind__startswith="program.").values_list("kind", "subject_id")
    ) == [
        ("program.entered", mine.id),
        ("program.left", mine.id),
    ]


def test_who_came_back_for_another_reason_or_before_the_program_stays_out():
    rep()
    ada, bob = offered("Ada"), offered("Bob")
    returns(ada)
    with later(hours=1):
        live()
        returns(bob, "not_a_fit")
    assert not Enrolment.objects.exists()


def test_the_same_return_enrols_once_however_often_it_is_read():
    rep()
    program = live()
    ada = offered()
    returns(ada)
    cause = enrolment_of(ada).cause_id
    actions.take_out(enrolment_id=enrolment_of(ada).id, actor_id=marketer().pk, now=clock.now())
    again = {cause: (ada, lead_of(ada).id, clock.now())}
    assert actions.enter_returned(again, now=clock.now(), lane="live") == 0
    assert Enrolment.objects.filter(program=program).count() == 1


def ripens(contact):
    """Let a contact do something again that makes it a fresh lead, and be offered."""
    happened(contact, "quote.requested")
    drain()
    tick()
    assert lead_of(contact).state == "offered"


def test_an_enrolment_is_held_while_sales_works_and_its_clock_stands_still():
    rep()
    live()
    ada = offered()
    returns(ada)
    tick()
    with later(days=20):
        ripens(ada)
        mine = enrolment_of(ada)
        assert (mine.state, mine.remaining, mine.due_at) == ("held", timedelta(days=10), None)
        leads.accept(lead_id=lead_of(ada).id, member_id=lead_of(ada).member_id, now=clock.now())
    with later(days=24):
        tick()
        assert enrolment_of(ada).remaining == timedelta(days=10)
    with later(days=40):
        tick()
        assert Lead.objects.filter(contact=ada, reason="rotted").count() == 1
        assert enrolment_of(ada).due_at == clock.now() + timedelta(days=10)


def test_it_goes_on_with_what_was_left_of_its_wait_when_the_lead_comes_back():
    rep()
    live()
    ada = offered()
    returns(ada)
    tick()
    with later(days=20):
        ripens(ada)
        assert enrolment_of(ada).state == "held"
    with later(days=20, hours=2):
        returns(ada)
        mine = enrolment_of(ada)
        assert (mine.state, mine.due_at) == ("active", clock.now() + timedelta(days=10))
        assert Enrolment.objects.filter(contact=ada).count() == 1


def test_a_due_step_of_somebody_just_offered_is_not_done_though_no_fact_of_it_was_read_yet():
    rep()
    live(said(CALL))
    ada = offered()
    returns(ada)
    Enrolment.objects.update(state="active", due_at=MONDAY, remaining=None, held_at=None)
    contacts.hold([contacts.Held(ada, 1, None)], source_kind="lead", now=MONDAY)
    actions.move(now=clock.now())
    assert enrolment_of(ada).state == "held"
    assert not Task.objects.exists()


def test_becoming_a_lead_ends_it_where_that_is_the_goal_and_the_next_return_begins_anew():
    rep()
    live(said(WAIT, CALL, goal={"becomes_lead": True}))
    ada = offered()
    returns(ada)
    tick()
    with later(days=20):
        ripens(ada)
        first = enrolment_of(ada)
        assert (first.state, first.outcome) == ("ended", "reached")
        returns(ada)
        second = enrolment_of(ada)
        assert second.id != first.id
        assert second.state == "active"


def test_what_a_program_did_for_a_lead_that_was_taken_by_mistake_is_undone():
    lars = rep()
    live(said(CALL, WAIT, goal={"becomes_lead": True}))
    ada = offered()
    returns(ada)
    tick()
    Member.objects.update(capacity=0)
    with later(days=25):
        call = Task.objects.get(contact_id=ada)
        happened(ada, "quote.requested")
        drain()
        tick()
        at = clock.now()
        lead = lead_of(ada)
        assert lead.state == "waiting"
        Member.objects.filter(id=lars.id).update(capacity=1)
        before = Enrolment.objects.filter(contact=ada).values().get()
        for _ in range(2):
            leads.pick(lead_id=lead.id, member_id=lars.id, now=at)
            drain()
            assert enrolment_of(ada).outcome == "reached"
            assert Task.objects.get(id=call.id).dropped_at == at
            leads.take_back(lead_id=lead.id, member_id=lars.id, now=at)
            Member.objects.update(capacity=0)
            drain()
            assert Enrolment.objects.filter(contact=ada).values().get() == before
            assert Task.objects.get(id=call.id).dropped_at is None
            Member.objects.filter(id=lars.id).update(capacity=1)


def test_who_entered_by_a_return_leaves_when_that_was_a_mistake_and_enters_by_the_next():
    lars = rep()
    live(said(CALL, WAIT))
    ada = offered()
    for entered in (1, 2):
        lead = returns(ada)
        tick()
        assert enrolment_of(ada).state == "active"
        assert Task.objects.filter(contact_id=ada, dropped_at__isnull=True).count() == 1
        assert Enrolment.objects.count() == entered
        leads.take_return_back(lead_id=lead.id, member_id=lars.id, now=clock.now())
        drain()
        assert (enrolment_of(ada).state, enrolment_of(ada).outcome) == ("ended", "taken_back")
        assert not Task.objects.filter(contact_id=ada, dropped_at__isnull=True).exists()


def test_who_entered_by_a_condition_stays_when_the_fact_told_last_is_withdrawn():
    live(said(WAIT, CALL, when={"did": ["quote.requested"], "within_days": 90}))
    ada = contacts.create_contact(full_name="Ada Lovelace", now=clock.now())
    quote = happened(ada, "quote.requested")
    happened(ada, "call.attempted")
    drain()
    last = enrolment_of(ada).cause_id
    assert last > quote
    with transaction.atomic():
        ledger.withdraw(interaction_ids=[last], now=clock.now())
    drain()
    assert enrolment_of(ada).state == "active"


def test_a_program_that_ended_for_somebody_disqualified_goes_on_when_that_was_a_mistake():
    lars = rep()
    live(said(WAIT, CALL))
    ada = offered()
    returns(ada)
    with later(days=20):
        ripens(ada)
        held = enrolment_of(ada)
        assert held.state == "held"
        lead = returns(ada, "not_a_fit")
        assert enrolment_of(ada).outcome == "disqualified"
        leads.take_return_back(lead_id=lead.id, member_id=lars.id, now=clock.now())
        drain()
        assert (enrolment_of(ada).state, enrolment_of(ada).remaining) == ("held", held.remaining)


def test_people_keep_the_version_they_began():
    rep()
    sam = marketer()
    program = live(by=sam)
    ada = offered()
    returns(ada)
    tick()
    second = next_version(program, said({"type": "end", "outcome": "let be"}), by=sam)
    bob = offered("Bob")
    returns(bob)
    tick()
    assert enrolment_of(bob).version == second
    assert (enrolment_of(bob).state, enrolment_of(bob).outcome) == ("done", "let be")
    with later(days=30):
        tick()
    assert enrolment_of(ada).version.number == 1
    assert Task.objects.filter(contact_id=ada).exists()


def test_a_pause_stops_every_clock_and_resuming_gives_back_what_was_left():
    rep()
    sam = marketer()
    program = live(by=sam)
    ada = offered()
    returns(ada)
    tick()
    with later(days=10):
        assert actions.pause(program_id=program.id, actor_id=sam.id, now=clock.now()) == 1
        bob = offered("Bob")
        returns(bob)
        assert enrolment_of(bob).state == "held"
    with later(days=100):
        assert actions.move(now=clock.now()) == 0
        assert actions.resume(program_id=program.id, actor_id=sam.id, now=clock.now()) == 2
        assert enrolment_of(ada).due_at == clock.now() + timedelta(days=20)
        assert enrolment_of(bob).due_at == clock.now()


def test_customers_and_the_disqualified_do_not_stay_unless_the_program_says_so():
    rep()
    live()
    live(said(WAIT, CALL, name="To everybody", ends={"customer": False, "disqualified": False}))
    ada = offered()
    returns(ada)
    tick()
    with later(days=20):
        ripens(ada)
        returns(ada, "not_a_fit")
    ends = dict(Enrolment.objects.filter(contact=ada).values_list("version__document__name", "outcome"))
    assert ends == {"Not now": "disqualified", "To everybody": ""}


def test_a_branch_asks_once_for_all_who_are_there_and_sends_each_its_way():
    rep(capacity=10)
    branch = {
        "type": "branch",
        "when": {"field": "contact.country", "is": "AT"},
        "then": [{"type": "end", "outcome": "near"}],
        "else": [{"type": "end", "outcome": "far"}],
    }
    live(said(branch))
    people = {
        offered(f"Ada {place}", country=country): country for place, country in enumerate(["AT", "CA", "AT"])
    }
    for each in people:
        returns(each)
    tick()
    assert {each: enrolment_of(each).outcome for each in people} == {
        each: "near" if country == "AT" else "far" for each, country in people.items()
    }


def test_one_step_that_cannot_be_done_does_not_stop_the_others(monkeypatch):
    rep(capacity=10)
    live(said(CALL))
    ada, bob = offered("Ada"), offered("Bob")
    returns(ada)
    returns(bob)
    plan = tasks.plan_step

    def refuses(**more):
        if more["contact_id"] == ada:
            raise ValueError("no")
        return plan(**more)

    monkeypatch.setattr("orchard.tasks.actions.plan_step", refuses)
    actions.move(now=clock.now())
    assert enrolment_of(bob).state == "done"
    mine = enrolment_of(ada)
    assert (mine.state, mine.failures, mine.due_at) == ("active", 1, MONDAY + timedelta(hours=1))


def test_a_rebuild_enrols_nobody():
    rep()
    live()
    ada = offered()
    returns(ada)
    tick()
    before = list(Enrolment.objects.values_list("id", "state", "due_at"))
    facts = Interaction.objects.count()
    ledger.rebuild(flow.CONSUMERS)
    assert list(Enrolment.objects.values_list("id", "state", "due_at")) == before
    assert Interaction.objects.count() == facts


def test_unanswered_reasons_are_those_that_rest_and_that_no_live_program_takes():
    document = agreement.in_force_terms().document
    assert [each.reason for each in queries.unanswered(document)] == [
        "wrong_timing",
        "no_answer",
        "too_early",
    ]
    program = live(said(returned=("too_early", "no_answer")))
    assert [each.reason for each in queries.unanswered(document)] == ["wrong_timing"]
    actions.retire(program_id=program.id, actor_id=marketer().pk, now=clock.now())
    assert len(queries.unanswered(document)) == 3
