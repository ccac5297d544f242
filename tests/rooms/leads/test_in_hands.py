"""What members do with leads, and what time does to those they hold."""

from datetime import UTC, date, datetime, timedelta

import pytest

from orchard.agreement import queries as agreement
from orchard.contacts import actions as contact_actions
from orchard.contacts import queries as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.models import Interaction, Words
from orchard.interactions.types import Lane
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.leads import actions
from orchard.leads.models import Colleague, Lead, Offer, Turn
from orchard.leads.types import OPEN, AtCapacity, Taken
from orchard.opportunities import actions as sales
from orchard.opportunities.types import Fields
from orchard.tasks import actions as tasks
from orchard.tasks import queries as tasks_queries
from orchard.tasks.models import Task
from orchard.team import actions as team
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, contact, drain, happened, lead_of, rep, ripe, tick
from tests.make.members import member

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        yield


def offered(name=""):
    made = ripe(name)
    drain()
    return made


def accepted(person, name=""):
    made = offered(name)
    actions.accept(lead_id=lead_of(made).id, member_id=person.id, now=clock.now())
    return made


def give_back(contact_id, person, reason="too_early", **more):
    given = {"wake_on": None, "note": "", "zone": "UTC", "now": clock.now(), **more}
    return actions.give_back(lead_id=lead_of(contact_id).id, member_id=person.id, reason=reason, **given)


def kinds(contact_id):
    facts = Interaction.objects.filter(contact_id=contact_id, kind__startswith="lead.").order_by("id")
    return [fact.kind.removeprefix("lead.") for fact in facts]


def test_who_accepts_has_the_lead_and_the_clock_of_the_first_attempt():
    lars = rep()
    ada = accepted(lars)
    lead = lead_of(ada)
    assert (lead.state, lead.accepted_at) == ("accepted", MONDAY)
    assert lead.attempt_due_at == datetime(2026, 11, 2, 17, 30, tzinfo=UTC)
    assert lead.rots_at == MONDAY + timedelta(days=5)
    assert Offer.objects.get().outcome == "taken"
    actions.accept(lead_id=lead.id, member_id=lars.id, now=MONDAY)
    assert kinds(ada) == ["waiting", "offered", "accepted"]


def test_an_acceptance_by_mistake_is_taken_back_and_the_lead_is_offered_with_the_clock_it_had():
    lars = rep()
    ada = offered()
    lead, due = lead_of(ada), Offer.objects.get().due_at
    for _ in range(2):
        actions.accept(lead_id=lead.id, member_id=lars.id, now=MONDAY)
        drain()
        with clock.at(MONDAY + timedelta(seconds=50)):
            actions.take_back(lead_id=lead.id, member_id=lars.id, now=clock.now())
            drain()
        lead, offer = lead_of(ada), Offer.objects.get()
        assert (lead.state, lead.member_id, lead.accepted_at, lead.rots_at) == (
            "offered",
            lars.id,
            None,
            None,
        )
        assert (offer.outcome, offer.due_at) == ("", due)
        assert agreement.stage_of(ada).stage == "qualified"
    actions.accept(lead_id=lead.id, member_id=lars.id, now=MONDAY + timedelta(seconds=55))
    drain()
    assert agreement.stage_of(ada).stage == "accepted"
    assert kinds(ada).count("accepted") == 3


def test_a_call_from_before_an_acceptance_does_not_keep_one_from_taking_it_back():
    lars = rep()
    ada = offered()
    with clock.at(MONDAY + timedelta(seconds=5)):
        happened(ada, "call.connected", member_id=lars.id)
        drain()
    lead = lead_of(ada)
    with clock.at(MONDAY + timedelta(seconds=20)):
        actions.accept(lead_id=lead.id, member_id=lars.id, now=clock.now())
        drain()
        actions.take_back(lead_id=lead.id, member_id=lars.id, now=clock.now())
    assert lead_of(ada).state == "offered"


def test_who_called_before_accepting_has_made_the_first_attempt():
    lars = rep()
    ada = offered()
    with clock.at(MONDAY + timedelta(seconds=5)):
        happened(ada, "call.connected", member_id=lars.id)
        drain()
        actions.accept(lead_id=lead_of(ada).id, member_id=lars.id, now=clock.now())
        assert lead_of(ada).attempted_at is None
        drain()
        assert lead_of(ada).attempted_at == clock.now()


def test_an_acceptance_stands_after_a_minute_or_an_exchange_and_with_whoever_has_the_lead_now():
    lars = rep()
    ada = accepted(lars)
    lead, given = lead_of(ada), {"lead_id": lead_of(ada).id, "member_id": lars.id}
    with pytest.raises(Refused, match="too late"):
        actions.take_back(**given, now=MONDAY + timedelta(seconds=61))
    with pytest.raises(Taken):
        actions.take_back(lead_id=lead.id, member_id=rep("Mei Tanabe").id, now=MONDAY)
    happened(ada, "call.attempted", member_id=lars.id)
    drain()
    with pytest.raises(Refused, match="happened with this contact"):
        actions.take_back(**given, now=MONDAY)
    give_back(ada, lars)
    with pytest.raises(Taken, match="returned meanwhile"):
        actions.take_back(**given, now=MONDAY)
    assert Lead.objects.get(id=lead.id).state == "returned"


def test_a_lead_taken_from_the_basket_by_mistake_waits_again_and_the_turn_was_none():
    lars = rep(capacity=1)
    offered()
    ada = offered()
    Member.objects.filter(id=lars.id).update(capacity=2)
    lead, turns = lead_of(ada), Turn.objects.get().at
    assert lead.state == "waiting"
    for _ in range(2):
        actions.pick(lead_id=lead.id, member_id=lars.id, now=MONDAY)
        assert contacts.held([ada])
        assert Turn.objects.get().at > turns
        actions.take_back(lead_id=lead.id, member_id=lars.id, now=MONDAY + timedelta(seconds=50))
        lead = lead_of(ada)
        assert (lead.state, lead.member_id, lead.accepted_at, lead.rots_at) == ("waiting", None, None, None)
        assert Turn.objects.get().at == turns
        assert not Offer.objects.filter(lead=lead).exists()
        assert not contacts.held([ada])


def plan_a_call(lead, person):
    now = clock.now()
    tasks.plan_step(
        what="call",
        member_id=person.id,
        made_by=person.id,
        due_on=now.date(),
        contact_id=lead.contact_id,
        subject=("lead", lead.id),
        now=now,
    )


def everything_of(lead_id):
    lead = Lead.objects.filter(id=lead_id).values().get()
    offers = list(Offer.objects.filter(lead=lead_id).order_by("id").values())
    steps = list(Task.objects.filter(subject_id=lead_id).values("id", "dropped_at", "outcome", "remind_at"))
    return lead, offers, steps, contacts.held([lead["contact_id"]])


@pytest.mark.parametrize("reason", ["too_early", "not_a_fit"])
@pytest.mark.parametrize("begun", [lambda _rep: offered(), accepted])
def test_a_return_by_mistake_is_taken_back_and_everything_stands_as_it_did(begun, reason):
    lars = rep()
    ada = begun(lars)
    lead, now = lead_of(ada), MONDAY + timedelta(minutes=10)
    with clock.at(now):
        if lead.state == "accepted":
            happened(ada, "call.connected", member_id=lars.id)
            plan_a_call(lead, lars)
        drain()
        before, stage = everything_of(lead.id), agreement.stage_of(ada).stage
    for seconds in (20, 40):
        with clock.at(now + timedelta(seconds=seconds)):
            give_back(ada, lars, reason)
            drain()
            assert agreement.stage_of(ada).stage != stage
            actions.take_return_back(lead_id=lead.id, member_id=lars.id, now=clock.now())
            drain()
            assert everything_of(lead.id) == before
            assert agreement.stage_of(ada).stage == stage
    give_back(ada, lars, reason)
    drain()
    assert Lead.objects.get(id=lead.id).state in {"returned", "disqualified"}
    assert len([kind for kind in kinds(ada) if kind in {"returned", "disqualified"}]) == 3


def test_colleagues_and_their_company_are_there_again_after_a_return_that_was_a_mistake():
    lars, acme = rep(), contact_actions.create_account(name="Acme", now=MONDAY)
    ada = contact(account_id=acme)
    happened(ada, "quote.requested")
    drain()
    actions.accept(lead_id=lead_of(ada).id, member_id=lars.id, now=MONDAY)
    ben = contact("Ben Cook", account_id=acme)
    happened(ben, "quote.requested")
    drain()
    joined = Colleague.objects.get(contact_id=ben)
    give_back(ada, lars)
    actions.take_return_back(lead_id=joined.lead_id, member_id=lars.id, now=MONDAY)
    drain()
    assert Colleague.objects.get(contact_id=ben, left_at__isnull=True).lead_id == joined.lead_id
    assert not Lead.objects.filter(contact_id=ben, state__in=OPEN).exists()


def test_what_was_planned_meanwhile_lets_an_acceptance_stand():
    lars = rep()
    ada = accepted(lars)
    lead = lead_of(ada)
    plan_a_call(lead, lars)
    with pytest.raises(Refused, match="happened with this contact"):
        actions.take_back(lead_id=lead.id, member_id=lars.id, now=MONDAY)


def test_a_return_stands_where_a_colleague_opened_a_sale_meanwhile():
    lars = rep()
    ada = accepted(lars)
    lead = lead_of(ada)
    give_back(ada, lars)
    sales.open_by_hand(contact_id=ada, member_id=rep("Mei Tanabe").id, fields=Fields("Machines"), now=MONDAY)
    with pytest.raises(Refused, match="the return stands"):
        actions.take_return_back(lead_id=lead.id, member_id=lars.id, now=MONDAY)


def test_a_return_stands_after_a_minute_by_a_colleague_and_when_the_contact_is_somewhere_else():
    lars, mei = rep(), rep("Mei Tanabe", capacity=0)
    ada = accepted(lars)
    given = {"lead_id": lead_of(ada).id, "member_id": lars.id, "now": MONDAY}
    give_back(ada, lars)
    with pytest.raises(Refused, match="too late"):
        actions.take_return_back(**{**given, "now": MONDAY + timedelta(seconds=61)})
    with pytest.raises(Taken):
        actions.take_return_back(**{**given, "member_id": mei.id})
    contact_actions.merge(survivor_id=contact("Ada L."), loser_id=ada, now=MONDAY, actor_id=None)
    drain()
    with pytest.raises(Refused, match="the return stands"):
        actions.take_return_back(**given)


def test_nobody_accepts_what_is_offered_to_a_colleague():
    rep("Lars Berg")
    ada = offered()
    mei = rep("Mei Tanabe")
    with pytest.raises(Taken, match="offered to Lars Berg"):
        actions.accept(lead_id=lead_of(ada).id, member_id=mei.id, now=MONDAY)


def test_an_offer_that_runs_out_goes_to_the_next_and_after_the_last_to_the_managers_list():
    lars, mei = rep("Lars Berg"), rep("Mei Tanabe")
    ada = offered()
    first = lead_of(ada).member_id
    with clock.at(MONDAY + 4 * HOUR):
        with pytest.raises(Taken, match="ran out"):
            actions.accept(lead_id=lead_of(ada).id, member_id=first, now=clock.now())
        tick()
        second = lead_of(ada).member_id
        assert {first, second} == {lars.id, mei.id}
    with clock.at(MONDAY + 9 * HOUR + timedelta(days=1)):
        tick()
        tick()
        lead = lead_of(ada)
        assert (lead.state, lead.member_id) == ("escalated", None)
        assert contacts.held([ada]) == {}
    assert kinds(ada) == ["waiting", "offered", "expired", "offered", "expired", "escalated"]


def test_a_manager_gives_an_escalated_lead_to_somebody_with_a_clock_of_its_own():
    lars = rep("Lars Berg")
    ada = offered()
    with clock.at(MONDAY + 5 * HOUR):
        tick()
        boss = member(Role.MANAGER)
        actions.reassign(lead_id=lead_of(ada).id, member_id=lars.id, actor_id=boss.id, now=clock.now())
        offer = Offer.objects.get(outcome="")
        assert (offer.member_id, offer.why, offer.by_id) == (lars.id, "reassigned", boss.id)
        assert offer.due_at == datetime(2026, 11, 3, 10, 0, tzinfo=UTC)


def test_a_member_picks_a_stale_lead_that_waits_but_not_more_than_fit():
    lars = rep(capacity=1)
    old, older = ripe(days_ago=30), ripe(days_ago=31)
    drain()
    actions.pick(lead_id=lead_of(old).id, member_id=lars.id, now=MONDAY)
    assert lead_of(old).state == "accepted"
    with pytest.raises(AtCapacity, match="1 open leads"):
        actions.pick(lead_id=lead_of(older).id, member_id=lars.id, now=MONDAY)
    with pytest.raises(Refused, match="take no leads"):
        actions.pick(lead_id=lead_of(older).id, member_id=member(Role.MARKETING).id, now=MONDAY)


def test_not_now_asks_for_a_day_and_the_contact_rests_until_it():
    lars = rep()
    ada = accepted(lars)
    with pytest.raises(Refused, match="asks for the day"):
        give_back(ada, lars, "wrong_timing")
    with pytest.raises(Refused, match="lies ahead"):
        give_back(ada, lars, "wrong_timing", wake_on=date(2026, 11, 2))
    back = give_back(
        ada, lars, "wrong_timing", wake_on=date(2026, 12, 1), zone="Europe/Vienna", note="Budget"
    )
    assert back.eligible_at == datetime(2026, 11, 30, 23, tzinfo=UTC)
    fact = Interaction.objects.get(kind="lead.returned")
    assert (fact.member_id, Words.objects.get(interaction_id=fact.id).text) == (lars.id, "Budget")
    happened(ada, "show.visited")
    happened(ada, "show.visited")
    drain()
    assert Lead.objects.count() == 1
    with clock.at(back.eligible_at):
        tick()
        tick()
        again = lead_of(ada)
        assert (again.state, again.round) == ("waiting", 2)
        drain()
        assert agreement.stage_of(ada).stage == "qualified"


def test_who_is_ripe_again_after_the_rest_is_a_new_lead_in_the_second_round():
    lars = rep()
    ada = accepted(lars)
    give_back(ada, lars)
    drain()
    with clock.at(MONDAY + timedelta(days=21)):
        happened(ada, "show.visited")
        happened(ada, "show.visited")
        drain()
        tick()
        again = lead_of(ada)
        assert (again.state, again.round, Lead.objects.count()) == ("offered", 2, 2)
    assert kinds(ada).count("eligible") == 1


def test_no_answer_needs_the_attempts_that_were_promised():
    lars = rep()
    ada = accepted(lars)
    happened(ada, "call.attempted", member_id=lars.id)
    drain()
    with pytest.raises(Refused, match="needs 1 more attempt:"):
        give_back(ada, lars, "no_answer")
    happened(ada, "mail.logged", member_id=lars.id)
    drain()
    assert give_back(ada, lars, "no_answer").eligible_at == MONDAY + timedelta(days=30)


def test_who_is_disqualified_never_comes_again_unless_a_manager_says_so():
    lars = rep()
    ada = accepted(lars)
    assert give_back(ada, lars, "not_a_fit").eligible_at is None
    happened(ada, "show.visited")
    drain()
    assert Lead.objects.count() == 1
    actions.reinstate(lead_id=lead_of(ada).id, actor_id=member(Role.MANAGER).id, now=MONDAY)
    drain()
    assert lead_of(ada).state == "offered"


def test_a_reason_that_the_agreement_lacks_is_refused():
    lars = rep()
    ada = accepted(lars)
    with pytest.raises(Refused, match="Choose one of the reasons"):
        give_back(ada, lars, "bad_mood")


def test_a_lead_keeps_the_reasons_of_the_agreement_that_it_was_offered_under():
    lars = rep()
    ada = accepted(lars)
    agreements.in_force(AGREEMENT.replace("reason: too_early", "reason: much_too_early"))
    assert give_back(ada, lars, "too_early").eligible_at == MONDAY + timedelta(days=20)


def test_a_first_attempt_that_comes_late_is_told_once_and_one_in_time_is_not():
    lars = rep()
    tried, forgotten = accepted(lars), accepted(lars)
    happened(tried, "call.attempted", member_id=lars.id)
    drain()
    assert lead_of(tried).attempted_at == MONDAY
    with clock.at(MONDAY + timedelta(days=1)):
        tick()
        tick()
    late = Interaction.objects.filter(kind="lead.unattempted")
    assert list(late.values_list("contact_id", "member_id")) == [(forgotten, lars.id)]


def test_what_the_contact_does_itself_is_no_attempt_of_ours():
    lars = rep()
    ada = accepted(lars)
    happened(ada, "question.asked")
    drain()
    assert lead_of(ada).attempted_at is None


def test_only_a_touch_keeps_an_accepted_lead_from_rotting():
    lars = rep()
    touched, tried = accepted(lars), accepted(lars)
    with clock.at(MONDAY + timedelta(days=4)):
        happened(touched, "call.connected", member_id=lars.id)
        happened(tried, "call.attempted", member_id=lars.id)
        drain()
    with clock.at(MONDAY + timedelta(days=5)):
        tick()
        assert lead_of(touched).state == "accepted"
        first = Lead.objects.filter(contact=tried).earliest("id")
        assert (first.state, first.reason) == ("returned", "rotted")
    with clock.at(MONDAY + timedelta(days=9)):
        tick()
        assert Lead.objects.filter(contact=touched).earliest("id").reason == "rotted"


def test_a_touch_that_the_consumer_has_not_read_yet_holds_rot_off_all_the_same():
    lars = rep()
    ada = accepted(lars)
    with clock.at(MONDAY + timedelta(days=5)):
        happened(ada, "meeting.held", member_id=lars.id)
        ledger.place()
        actions.rot(now=clock.now())
    assert lead_of(ada).state == "accepted"


def test_who_leaves_hands_over_by_a_list_and_the_rest_waits_for_a_manager():
    lars = rep("Lars Berg", capacity=9)
    given, kept, waiting = accepted(lars), accepted(lars), offered()
    mei, boss = rep("Mei Tanabe", capacity=9), member(Role.ADMIN)
    moved = actions.hand_over(
        from_id=lars.id, leads={lead_of(given).id: mei.id}, actor_id=boss.id, now=MONDAY
    )
    assert (moved, lead_of(given).member_id, lead_of(given).state) == (1, mei.id, "accepted")
    team.switch_off(member_id=lars.id, actor_id=boss.id, now=MONDAY)
    tick()
    assert (lead_of(kept).state, lead_of(kept).member_id) == ("escalated", None)
    assert (lead_of(waiting).state, lead_of(waiting).member_id) == ("offered", mei.id)


def test_a_sale_keeps_the_contact_held_until_it_is_over():
    lars = rep()
    ada = accepted(lars)
    actions.convert(lead_id=lead_of(ada).id, member_id=lars.id, now=MONDAY)
    happened(ada, "show.visited")
    drain()
    assert (Lead.objects.count(), len(contacts.held([ada]))) == (1, 1)
    actions.end_sale(lead_id=lead_of(ada).id, now=MONDAY)
    happened(ada, "opportunity.lost")
    drain()
    assert lead_of(ada).round == 2
    assert contacts.held([ada]) == {ada: [("lead", lead_of(ada).id)]}


def test_an_erased_contact_leaves_everybodys_hands():
    lars = rep()
    ada = accepted(lars)
    contact_actions.erase_contact(contact_id=ada, now=MONDAY, actor_id=lars.id)
    drain()
    assert lead_of(ada).state == "withdrawn"


def notices(person):
    told = tasks_queries.notices(person.id).rows
    words = tasks_queries.worded(told, names=contacts.names(each.contact_id for each in told))
    return [words[each.id] for each in told]


def test_who_is_offered_a_lead_is_told_but_not_of_each_that_an_import_brought():
    lars = rep(capacity=9)
    grace = contact("Grace Hopper")
    offered("Ada Lovelace")
    happened(grace, "quote.requested", lane=Lane.BULK)
    drain()
    assert Lead.objects.filter(state="offered").count() == 2
    assert notices(lars) == ["Offered to you: Ada Lovelace"]


def test_what_nobody_took_is_told_to_the_managers_and_to_who_let_it_run_out():
    lars, boss = rep(), member(Role.MANAGER)
    offered("Ada Lovelace")
    with clock.at(MONDAY + timedelta(hours=5)):
        tick()
    assert notices(boss) == ["Nobody took: Ada Lovelace"]
    assert notices(lars)[0] == "Your offer ran out: Ada Lovelace"


def plan(person, contact_id, day):
    lead = lead_of(contact_id)
    return tasks.plan_step(
        what="call",
        member_id=person.id,
        made_by=person.id,
        due_on=day,
        contact_id=contact_id,
        subject=("lead", lead.id),
        now=clock.now(),
    )


def test_a_dated_next_step_holds_rot_off_until_its_day_but_not_for_ever():
    lars = rep()
    planned, forgotten = accepted(lars), accepted(lars)
    plan(lars, planned, date(2026, 11, 20))
    plan(lars, forgotten, date(2028, 1, 1))
    drain()
    assert lead_of(planned).rots_at == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert lead_of(forgotten).rots_at == MONDAY + timedelta(days=60)
    with clock.at(MONDAY + timedelta(days=6)):
        tick()
        assert lead_of(planned).state == "accepted"


def test_a_step_that_is_dropped_holds_nothing_off_any_more():
    lars = rep()
    ada = accepted(lars)
    step = plan(lars, ada, date(2026, 11, 20))
    drain()
    tasks.drop(task_id=step, by=lars.id, now=MONDAY)
    drain()
    assert lead_of(ada).rots_at == MONDAY + timedelta(days=5)


def test_the_steps_of_a_lead_go_with_it_to_a_colleague_and_end_with_it():
    lars, mei = rep("Lars Berg"), rep("Mei Tanabe", capacity=0)
    ada = accepted(lars)
    plan(lars, ada, date(2026, 11, 20))
    boss = member(Role.MANAGER)
    actions.reassign(lead_id=lead_of(ada).id, member_id=mei.id, actor_id=boss.id, now=MONDAY)
    assert [step.member_id for step in tasks_queries.open_of_contacts([ada])] == [mei.id]
    give_back(ada, mei)
    assert tasks_queries.open_of_contacts([ada]) == []


def test_a_call_that_is_taken_back_gives_the_clocks_back():
    lars = rep()
    ada = accepted(lars)
    before = lead_of(ada)
    with clock.at(MONDAY + timedelta(hours=2)):
        call = happened(ada, "call.connected", member_id=lars.id)
        drain()
        assert lead_of(ada).attempted_at == lead_of(ada).touched_at == clock.now()
        ledger.withdraw(interaction_ids=[call], now=clock.now())
        drain()
    after = lead_of(ada)
    assert (after.attempted_at, after.touched_at, after.rots_at) == (None, before.touched_at, before.rots_at)
    with clock.at(MONDAY + timedelta(days=1)):
        tick()
    assert Interaction.objects.filter(kind="lead.unattempted").count() == 1


def test_a_first_attempt_after_its_time_is_late_whenever_anybody_looks():
    lars = rep()
    ada = accepted(lars)
    with clock.at(lead_of(ada).attempt_due_at + timedelta(minutes=30)):
        happened(ada, "call.attempted", member_id=lars.id)
        drain()
    with clock.at(MONDAY + timedelta(days=2)):
        tick()
    assert Interaction.objects.filter(kind="lead.unattempted").count() == 1


def test_who_accepts_a_lead_after_somebody_else_stands_in_the_ledger_too():
    lars, mei = rep("Lars Berg"), rep("Mei Tanabe", capacity=0)
    ada, boss = accepted(lars), member(Role.ADMIN)
    team.switch_off(member_id=lars.id, actor_id=boss.id, now=MONDAY)
    tick()
    actions.reassign(lead_id=lead_of(ada).id, member_id=mei.id, actor_id=boss.id, now=MONDAY)
    actions.accept(lead_id=lead_of(ada).id, member_id=mei.id, now=MONDAY)
    told = Interaction.objects.filter(kind="lead.accepted").order_by("id").values_list("member_id", flat=True)
    assert list(told) == [lars.id, mei.id]
