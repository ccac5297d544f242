"""From the basket into somebody's hands: who is offered what, how many, and until when."""

from datetime import UTC, date, datetime

import pytest

from orchard.contacts import actions as contact_actions
from orchard.contacts import queries as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.models import Interaction
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.leads import actions
from orchard.leads.models import Lead, Offer
from orchard.team import actions as team
from orchard.team.models import Member
from orchard.team.types import OFFICE_HOURS, Role, TerritoryFields
from tests.make import agreements
from tests.make.leads import AGREEMENT, contact, drain, happened, lead_of, rep, ripe, team_named, tick
from tests.make.members import member

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_monday():
    with clock.at(MONDAY):
        yield


def in_force(routing=""):
    return agreements.in_force(AGREEMENT + routing)


def put(person, territory_id):
    team.change_member(
        member_id=person.id,
        email=person.email,
        name=person.name,
        place=person.place,
        territory_id=territory_id,
        takes=person.takes,
        actor_id=member(Role.ADMIN).id,
        now=clock.now(),
    )


def territory(*countries, zone="Europe/Vienna"):
    fields = TerritoryFields("Alps", zone, OFFICE_HOURS, "", countries=countries)
    return team.add_territory(fields=fields, actor_id=None, now=clock.now())


def away(person, first, last):
    team.add_absence(member_id=person.id, first=first, last=last, actor_id=person.id, now=clock.now())


def holders():
    return dict(Lead.objects.values_list("contact_id", "member__name"))


def test_a_ripe_contact_is_offered_with_a_clock_in_working_hours_and_held_for_sales():
    in_force()
    lars = rep("Lars Berg")
    ada = ripe("Ada Lovelace")
    drain()
    lead, offer = lead_of(ada), Offer.objects.get()
    assert (lead.state, lead.member_id) == ("offered", lars.id)
    assert (offer.member_id, offer.why, offer.outcome) == (lars.id, "turn", "")
    assert offer.due_at == datetime(2026, 11, 2, 13, 30, tzinfo=UTC)
    assert contacts.held([ada]) == {ada: [("lead", lead.id)]}
    fact = Interaction.objects.get(kind="lead.offered")
    assert (fact.contact_id, fact.member_id, fact.subject_id) == (ada, lars.id, lead.id)


def test_an_offer_made_in_the_evening_is_due_the_next_day():
    in_force()
    rep()
    with clock.at(datetime(2026, 11, 2, 16, 30, tzinfo=UTC)):
        ripe()
        drain()
    assert Offer.objects.get().due_at == datetime(2026, 11, 3, 12, tzinfo=UTC)


def test_nobody_is_offered_more_than_fits_and_the_highest_scores_go_first():
    in_force()
    rep(capacity=2)
    hot = ripe("Hot")
    happened(hot, "show.visited")
    cold = [ripe(f"Cold {number}") for number in range(3)]
    drain()
    assert lead_of(hot).state == "offered"
    assert sorted(lead_of(each).state for each in cold) == ["offered", "waiting", "waiting"]


def test_a_desk_that_becomes_free_is_filled_at_once():
    in_force()
    lars = rep(capacity=1)
    first, second = ripe(), ripe()
    drain()
    held = Lead.objects.get(state="offered")
    actions.give_back(
        lead_id=held.id, member_id=lars.id, reason="too_early", wake_on=None, note="", zone="UTC", now=MONDAY
    )
    drain()
    assert {lead_of(first).state, lead_of(second).state} == {"returned", "offered"}


def test_stale_leads_wait_until_a_manager_releases_them_by_count():
    in_force()
    rep(capacity=9)
    old = [ripe(days_ago=30) for _ in range(3)]
    drain()
    assert {lead_of(each).state for each in old} == {"waiting"}
    boss = member(Role.MANAGER)
    assert actions.release(count=2, actor_id=boss.id, now=MONDAY) == 2
    drain()
    assert sorted(lead_of(each).state for each in old) == ["offered", "offered", "waiting"]


def test_who_does_not_take_leads_is_offered_none():
    in_force()
    member(Role.MANAGER)
    rep(capacity=0)
    ada = ripe()
    drain()
    assert (lead_of(ada).state, lead_of(ada).pool) == ("waiting", "")
    rep("Mei Tanabe")
    tick()
    assert holders() == {ada: "Mei Tanabe"}


def test_who_is_away_before_the_offer_is_due_is_passed_over():
    in_force()
    lars, mei = rep("Lars Berg"), rep("Mei Tanabe")
    away(lars, date(2026, 11, 2), date(2026, 11, 6))
    leads = [ripe() for _ in range(4)]
    drain()
    assert {lead_of(each).member_id for each in leads} == {mei.id}


def test_what_is_offered_to_somebody_who_falls_ill_goes_to_a_colleague():
    in_force()
    lars = rep("Lars Berg")
    ada = ripe()
    drain()
    mei = rep("Mei Tanabe")
    away(lars, date(2026, 11, 2), date(2026, 11, 6))
    tick()
    assert lead_of(ada).member_id == mei.id
    assert list(Offer.objects.order_by("id").values_list("outcome", flat=True)) == ["reassigned", ""]


def test_two_in_a_team_take_turns_and_who_has_twice_the_weight_gets_twice_as_many():
    in_force("routing: [{to: {team: alps}, by: turn}]")
    alps = team_named("Alps")
    one = rep("One", capacity=50, team_id=alps)
    two = rep("Two", capacity=50, weight=2, team_id=alps)
    rep("Elsewhere", capacity=50)
    for _ in range(30):
        ripe()
    drain()
    given = [Lead.objects.filter(member=each).count() for each in (one, two)]
    assert given == [10, 20]


def test_who_comes_back_from_holidays_is_not_flooded_to_catch_up():
    in_force()
    lars, mei = rep("Lars Berg", capacity=99), rep("Mei Tanabe", capacity=99)
    away(mei, date(2026, 11, 2), date(2026, 11, 6))
    for _ in range(20):
        ripe()
    drain()
    with clock.at(datetime(2026, 11, 9, 8, tzinfo=UTC)):
        for _ in range(10):
            ripe()
            drain()
    assert [Lead.objects.filter(member=each).count() for each in (lars, mei)] == [25, 5]


def test_the_agreement_sends_leads_to_who_met_them_to_the_owner_and_to_members_by_name():
    rows = """
  - {when: {did: [show.visited], within_days: 30}, to: who_met_them}
  - {when: {field: contact.seniority, is: director}, to: {member: named@orchard.example}}
  - {to: account_owner}
"""
    in_force("routing:" + rows)
    met, owner = rep("Met"), rep("Owner")
    rep("Named", email="named@orchard.example")
    rep("Nobody in particular", capacity=50)
    acme = contact_actions.create_account(name="Acme", owner_id=owner.id, now=MONDAY)
    seen = ripe("Seen")
    happened(seen, "show.visited", member_id=met.id)
    boss = ripe("Boss", seniority="director")
    owned = ripe("Owned", account_id=acme)
    other = ripe("Other")
    drain()
    assert holders() == {seen: "Met", boss: "Named", owned: "Owner", other: holders()[other]}
    assert dict(Offer.objects.values_list("lead__contact", "why")) == {
        seen: "who_met_them",
        boss: "named",
        owned: "account_owner",
        other: "turn",
    }


def test_a_row_whose_only_member_is_away_passes_on_to_the_next():
    in_force("routing: [{to: {member: named@orchard.example}}, {to: {team: alps}}]")
    named = rep("Named", email="named@orchard.example")
    away(named, date(2026, 11, 2), date(2026, 11, 20))
    rep("Mei Tanabe", team_id=team_named("Alps"))
    ada = ripe()
    drain()
    assert holders() == {ada: "Mei Tanabe"}


def test_a_country_belongs_to_the_members_of_its_territory_whatever_its_spelling():
    in_force()
    lars = rep("Lars Berg", capacity=50)
    mei = rep("Mei Tanabe", capacity=50)
    put(mei, territory("AT", "Switzerland"))
    alpine = [ripe(country=country) for country in ("at", "SWITZERLAND", "AT")]
    drain()
    assert {lead_of(each).member_id for each in alpine} == {mei.id}
    nordic = [ripe(country="NO") for _ in range(4)]
    drain()
    assert {lead_of(each).member_id for each in nordic} == {lars.id, mei.id}


def test_a_fact_that_changes_the_row_changes_whose_the_lead_will_be():
    in_force("routing: [{when: {did: [show.visited], within_days: 30}, to: who_met_them}]")
    full = rep("Full", capacity=1)
    ripe("First")
    drain()
    ada = ripe("Ada")
    drain()
    assert lead_of(ada).state == "waiting"
    met = Member.objects.get(id=rep("Met").id)
    happened(ada, "show.visited", member_id=met.id)
    drain()
    tick()
    assert lead_of(ada).member_id == met.id != full.id


def test_a_new_version_of_the_agreement_routes_what_waits():
    in_force("routing: [{to: {team: alps}}]")
    rep("Alpine", capacity=1, team_id=team_named("Alps"))
    leads = [ripe() for _ in range(3)]
    drain()
    nordic = rep("Nordic", team_id=team_named("North"))
    drain()
    assert Lead.objects.filter(state="waiting").count() == 2
    in_force("routing: [{to: {team: north}}]")
    tick()
    assert Lead.objects.filter(state="offered", member=nordic).count() == 2
    assert len(leads) == 3


def test_a_colleague_who_ripens_joins_the_open_lead_of_the_account():
    in_force()
    rep()
    acme = contact_actions.create_account(name="Acme", now=MONDAY)
    ada = ripe("Ada", account_id=acme)
    drain()
    bob = ripe("Bob", account_id=acme)
    drain()
    lead = lead_of(ada)
    assert list(lead.colleagues.values_list("contact", "left_at")) == [(bob, None)]
    assert not Lead.objects.filter(contact=bob).exists()
    actions.give_back(
        lead_id=lead.id,
        member_id=lead.member_id,
        reason="not_a_fit",
        wake_on=None,
        note="",
        zone="UTC",
        now=MONDAY,
    )
    drain()
    assert lead_of(bob).state == "offered"


def test_of_several_who_ripen_together_at_one_account_the_ripest_is_the_lead():
    in_force()
    rep()
    acme = contact_actions.create_account(name="Acme", now=MONDAY)
    people = [ripe(f"P {number}", account_id=acme) for number in range(3)]
    happened(people[1], "show.visited")
    drain()
    assert list(Lead.objects.values_list("contact", flat=True)) == [people[1]]
    assert Lead.objects.get().colleagues.count() == 2


def test_where_the_agreement_says_separate_each_is_a_lead():
    agreements.in_force(AGREEMENT.replace("at_account: join", "at_account: separate"))
    rep()
    acme = contact_actions.create_account(name="Acme", now=MONDAY)
    for _ in range(2):
        ripe(account_id=acme)
    drain()
    assert Lead.objects.filter(state="offered").count() == 2


def test_a_verdict_that_lapses_takes_the_offer_back():
    in_force()
    rep()
    ada = contact("Ada")
    quote = happened(ada, "quote.requested")
    drain()
    ledger.withdraw(interaction_ids=[quote], now=MONDAY)
    drain()
    assert lead_of(ada).state == "withdrawn"
    assert Offer.objects.get().outcome == "withdrawn"
    assert contacts.held([ada]) == {}


def test_leads_that_one_member_let_run_out_do_not_keep_others_from_being_offered():
    in_force()
    ann = rep("Ann", capacity=3)
    old = [ripe(f"Old {number}") for number in range(3)]
    for each in old:
        happened(each, "show.visited")
    drain()
    bob = rep("Bob", capacity=1)
    fill = ripe("Fill")
    drain()
    for each in old:
        lead = lead_of(each)
        Offer.objects.filter(lead=lead).update(outcome="expired", ended_at=MONDAY)
        Lead.objects.filter(id=lead.id).update(state="waiting", member=None, routed_by=None, asked=[ann.id])
    assert lead_of(fill).member_id == bob.id
    fresh = ripe("Fresh")
    drain()
    tick()
    assert lead_of(fresh).member_id == ann.id


def test_a_lead_whose_last_untried_member_goes_on_holiday_is_escalated():
    in_force("routing: [{to: {team: alps}}]")
    alps = team_named("Alps")
    ann, bob = rep("Ann", team_id=alps), rep("Bob", capacity=1, team_id=alps)
    Member.objects.filter(id=ann.id).update(capacity=0)
    fill = ripe("Fill")
    drain()
    actions.accept(lead_id=lead_of(fill).id, member_id=bob.id, now=MONDAY)
    Member.objects.filter(id=ann.id).update(capacity=5)
    ada = ripe("Ada")
    drain()
    assert lead_of(ada).member_id == ann.id
    with clock.at(datetime(2026, 11, 2, 13, 30, tzinfo=UTC)):
        tick()
        assert lead_of(ada).state == "waiting"
        away(bob, date(2026, 11, 2), date(2026, 11, 20))
        tick()
        tick()
        assert lead_of(ada).state == "escalated"


def test_a_lead_that_grew_stale_while_it_was_offered_still_goes_to_the_next():
    in_force()
    rep("Ann")
    ada = ripe("Ada", days_ago=13.9)
    drain()
    bob = rep("Bob")
    with clock.at(datetime(2026, 11, 2, 13, 30, tzinfo=UTC)):
        tick()
        assert lead_of(ada).stale_at < clock.now()
        assert lead_of(ada).member_id == bob.id


def test_a_territory_that_gets_a_country_routes_what_waits():
    in_force()
    lars = rep("Lars Berg", capacity=1)
    ripe("Fill")
    drain()
    ada = ripe("Ada", country="AT")
    drain()
    assert lead_of(ada).pool == "everybody"
    mei = rep("Mei Tanabe")
    put(mei, territory("AT"))
    tick()
    assert (lead_of(ada).pool.split(":")[0], lead_of(ada).member_id) == ("territory", mei.id)
    assert lead_of(ada).member_id != lars.id


def test_who_works_for_marketing_now_is_offered_nothing_any_more():
    in_force()
    lars = rep("Lars Berg")
    Member.objects.filter(id=lars.id).update(role=Role.MARKETING)
    ada = ripe("Ada")
    drain()
    assert lead_of(ada).state == "waiting"


def test_a_picked_lead_counts_as_a_turn_and_lifts_nobody_else():
    in_force()
    people = [rep(name, capacity=99) for name in ("Ann", "Bob", "Cy")]
    stale = [ripe(f"Old {number}", days_ago=30) for number in range(6)]
    drain()
    Lead.objects.filter(contact__in=stale).update(pool="everybody")
    for each in stale:
        actions.pick(lead_id=lead_of(each).id, member_id=people[0].id, now=MONDAY)
    for _ in range(12):
        ripe()
    drain()
    given = [Lead.objects.filter(member=each).count() for each in people]
    assert given == [6, 6, 6]


def test_a_fresh_lead_that_goes_to_others_by_the_agreement_is_not_picked():
    in_force("routing: [{to: {team: alps}}]")
    rep("Alpine", capacity=1, team_id=team_named("Alps"))
    ripe("Fill")
    ada = ripe("Ada")
    drain()
    waiting = Lead.objects.get(state="waiting")
    with pytest.raises(Refused, match="goes to others"):
        actions.pick(lead_id=waiting.id, member_id=rep("Elsewhere").id, now=MONDAY)
    assert ada


def test_an_offer_that_a_manager_made_to_somebody_away_stays():
    in_force()
    lars, boss = rep("Lars Berg"), member(Role.MANAGER)
    mei = rep("Mei Tanabe")
    away(mei, date(2026, 11, 2), date(2026, 11, 6))
    ada = ripe("Ada")
    drain()
    actions.reassign(lead_id=lead_of(ada).id, member_id=mei.id, actor_id=boss.id, now=MONDAY)
    tick()
    assert lead_of(ada).member_id == mei.id != lars.id


def test_an_account_that_changes_hands_routes_what_waits():
    in_force("routing: [{to: account_owner}]")
    full, heir = rep("Full", capacity=1), rep("Heir", capacity=0)
    acme = contact_actions.create_account(name="Acme", owner_id=full.id, now=MONDAY)
    ripe("Fill", account_id=contact_actions.create_account(name="Other", owner_id=full.id, now=MONDAY))
    drain()
    ada = ripe("Ada", account_id=acme)
    drain()
    assert lead_of(ada).pool == f"member:{full.id}"
    Member.objects.filter(id=heir.id).update(capacity=5)
    contact_actions.change_account(
        account_id=acme, values={"owner_id": heir.id}, now=MONDAY, actor_id=full.id
    )
    drain()
    assert lead_of(ada).member_id == heir.id


def test_a_row_may_ask_for_a_field_of_the_company_s_own_and_for_the_account_s_score():
    contact_actions.declare_custom_field(
        entity="contact", name="line", label="Line", type="text", now=MONDAY, actor_id=None
    )
    in_force(
        "routing:\n"
        "  - {when: {field: contact.custom.line, is: K5}, to: {member: lines@orchard.example}}\n"
        "  - {when: {score: account, at_least: 20}, to: {member: large@orchard.example}}\n"
    )
    rep("Lines", email="lines@orchard.example")
    rep("Large", email="large@orchard.example")
    acme = contact_actions.create_account(name="Acme", now=MONDAY)
    happened(contact("Colleague", account_id=acme), "show.visited")
    own, large = ripe("Own", custom={"line": "K5"}), ripe("Large one", account_id=acme)
    drain()
    assert holders() == {own: "Lines", large: "Large"}
