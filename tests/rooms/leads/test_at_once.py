"""Many at once: one winner each time, nobody gets two turns, and nothing is lost."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.models import Interaction
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.leads import actions
from orchard.leads.models import Lead, Offer
from orchard.leads.types import Taken
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, drain, lead_of, rep, ripe, team_named
from tests.make.members import member
from tests.make.together import together

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def test_two_who_accept_at_once_get_one_winner_and_one_clear_sentence(own_database):
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        ada = ripe(days_ago=30)
        drain()
        people = [rep("Lars Berg"), rep("Mei Tanabe")]
        lead = lead_of(ada)
        for _ in range(20):
            Lead.objects.filter(id=lead.id).update(state="waiting", member=None)
            answers = together(
                *(
                    lambda each=each: actions.pick(lead_id=lead.id, member_id=each.id, now=MONDAY)
                    for each in people
                )
            )
            (late,) = [each for each in answers if each]
            winner = people[answers.index(None)]
            assert isinstance(late, Taken)
            assert late.status == 409
            assert str(late) == f"{winner.name} accepted this lead just before you. Nothing was changed."
            assert lead_of(ada).member_id == winner.id


def test_an_offer_is_accepted_or_runs_out_but_never_both(own_database):
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        lars = rep("Lars Berg", capacity=99)
        people = [ripe() for _ in range(20)]
        drain()
        due = Offer.objects.first().due_at
        before = due - timedelta(microseconds=1)
        jobs = [
            lambda lead=lead: actions.accept(lead_id=lead, member_id=lars.id, now=before)
            for lead in Lead.objects.values_list("id", flat=True)
        ]
        answers = together(*jobs, lambda: actions.expire(now=due))
        taken = Lead.objects.filter(state="accepted").count()
        assert taken + Lead.objects.filter(state="waiting").count() == len(people)
        assert sum(isinstance(each, Taken) for each in answers) == len(people) - taken
        assert Counter(Offer.objects.values_list("outcome", flat=True)) == Counter(
            {"taken": taken, "expired": len(people) - taken}
        )


def test_a_lead_that_a_manager_gives_away_is_not_accepted_by_who_had_the_offer(own_database):
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        lars = rep("Lars Berg")
        ada = ripe()
        drain()
        mei, boss = rep("Mei Tanabe"), member(Role.MANAGER)
        lead = lead_of(ada).id
        answers = together(
            lambda: actions.accept(lead_id=lead, member_id=lars.id, now=MONDAY),
            lambda: actions.reassign(lead_id=lead, member_id=mei.id, actor_id=boss.id, now=MONDAY),
        )
        after = lead_of(ada)
        assert after.member_id == mei.id
        assert after.state == ("offered" if answers[0] else "accepted")
        assert Offer.objects.filter(outcome="").count() == (1 if answers[0] else 0)


@pytest.mark.slow
def test_a_thousand_leads_offered_at_once_by_many_are_fair_to_one_and_each_has_one_owner(own_database):
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT + "routing: [{to: {team: alps}, by: turn}]")
        alps = team_named("Alps")
        people = [rep(f"Rep {number}", capacity=1_000, team_id=alps) for number in range(7)]
        made = [contacts.create_contact(full_name=f"C {number}", now=MONDAY) for number in range(1_000)]
        with transaction.atomic():
            ledger.append([NewFact("quote.requested", MONDAY, contact_id=each) for each in made], now=MONDAY)
        drain_but_offers()
        assert Lead.objects.filter(state="waiting").count() == 1_000

        def draw_some():
            return sum(actions.draw(now=MONDAY, most=20) for _ in range(30))

        answers = together(*[draw_some] * 6)
        assert sum(answers) == 1_000
        given = Counter(Lead.objects.filter(state="offered").values_list("member", flat=True))
        assert set(given) == {each.id for each in people}
        assert max(given.values()) - min(given.values()) <= 1
        assert Offer.objects.filter(outcome="").count() == 1_000
        assert Interaction.objects.filter(kind="lead.offered").count() == 1_000


def drain_but_offers():
    ledger.drain([each for each in flow.CONSUMERS if each.name != "leads.offers"])
