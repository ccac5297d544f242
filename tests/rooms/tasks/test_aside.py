"""Whom a member leaves out of the day until another one, and how they come back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from orchard.contacts import actions as contacts
from orchard.interactions import queries as ledger
from orchard.interactions.models import Interaction
from orchard.kit.errors import NotAllowed, Refused
from orchard.picking import queries as picking
from orchard.picking import rules
from orchard.picking.types import Candidate, Reason
from orchard.tasks import actions, queries
from orchard.tasks.models import PutAside, Task
from tests.make.leads import contact, rep

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
THURSDAY = date(2026, 11, 5)


def put(member, contact_id, **more):
    given = {"until": THURSDAY, "why": "away", "now": NOW, **more}
    return actions.put_aside(contact_id=contact_id, member_id=member.id, **given)


def due_today(member, contact_id):
    return actions.plan_step(
        what="call",
        member_id=member.id,
        made_by=member.id,
        due_on=NOW.date(),
        contact_id=contact_id,
        now=NOW,
    )


def names_of(member, now=NOW):
    return [each.contact_id for each in queries.aside_of(member, now=now)]


def test_who_was_put_aside_is_so_until_the_day_by_the_members_calendar():
    lars, ada = rep(time_zone="Asia/Tokyo"), contact()
    put(lars, ada, words="Back after the fair")
    (shown,) = queries.aside_of(lars, now=NOW)
    assert (shown.contact_id, shown.words, shown.until) == (ada, "Back after the fair", THURSDAY)
    assert names_of(lars, datetime(2026, 11, 4, 14, 59, tzinfo=UTC)) == [ada]
    assert names_of(lars, datetime(2026, 11, 4, 15, tzinfo=UTC)) == []
    assert names_of(rep("Mei Tanabe")) == []


def test_the_ledger_tells_of_it_and_everybody_finds_the_words_until_it_is_taken_back():
    lars, ada = rep(), contact()
    aside = put(lars, ada, words="Wants the new brochure first", why="needs_something")
    fact = Interaction.objects.get(kind="contact.put_aside")
    assert ledger.words_of([fact.id])[fact.id] == "Wants the new brochure first"
    rows, count = queries.aside_lately(now=NOW)
    assert [(each.member, each.why.label) for each in rows] == [
        ("Lars Berg", "They need something from us first")
    ]
    assert count == 1
    actions.bring_back(aside_id=aside, member_id=lars.id, now=NOW + timedelta(minutes=1))
    assert names_of(lars) == []
    assert queries.aside_lately(now=NOW) == ([], 0)


def test_a_step_that_was_put_off_with_it_is_due_again_when_it_is_taken_back():
    lars, ada = rep(), contact()
    step = due_today(lars, ada)
    aside = put(lars, ada, step_id=step)
    assert Task.objects.get(id=step).due_on == THURSDAY
    actions.bring_back(aside_id=aside, member_id=lars.id, now=NOW)
    assert Task.objects.get(id=step).due_on == NOW.date()


def test_who_is_brought_back_later_stands_there_again_and_that_it_was_put_aside_stays_told():
    lars, ada = rep(), contact()
    step = due_today(lars, ada)
    aside = put(lars, ada, step_id=step)
    later = NOW + timedelta(hours=3)
    assert not picking.today(lars, now=later).lines
    actions.bring_back(aside_id=aside, member_id=lars.id, now=later)
    assert [line.contact_id for line in picking.today(lars, now=later).lines] == [ada]
    assert names_of(lars, later) == []
    assert queries.aside_lately(now=later)[1] == 1
    with pytest.raises(Refused, match="again already"):
        actions.bring_back(aside_id=aside, member_id=lars.id, now=later)


def test_putting_aside_anew_replaces_the_day_before_and_the_step_keeps_the_day_it_had_at_first():
    lars, ada = rep(), contact()
    step = due_today(lars, ada)
    put(lars, ada, step_id=step)
    anew = put(lars, ada, step_id=step, until=date(2026, 11, 20))
    assert [each.until for each in queries.aside_of(lars, now=NOW)] == [date(2026, 11, 20)]
    actions.bring_back(aside_id=anew, member_id=lars.id, now=NOW)
    assert Task.objects.get(id=step).due_on == NOW.date()


def test_a_form_that_is_sent_twice_tells_of_it_once():
    lars, ada = rep(), contact()
    assert put(lars, ada) == put(lars, ada, now=NOW + timedelta(seconds=1))
    assert Interaction.objects.filter(kind="contact.put_aside").count() == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"until": NOW.date()}, "later day"),
        ({"until": date(2026, 11, 1)}, "day is over"),
        ({"until": date(2099, 1, 1)}, "years ahead"),
        ({"why": "other", "words": "  "}, "in your words"),
        ({"words": "x" * 201}, "At most 200"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_written(given, says):
    with pytest.raises(Refused, match=says):
        put(rep(), contact(), **given)
    assert not PutAside.objects.exists()


def test_nobody_brings_back_whom_a_colleague_put_aside():
    aside = put(rep(), contact())
    with pytest.raises(NotAllowed):
        actions.bring_back(aside_id=aside, member_id=rep("Mei Tanabe").id, now=NOW)


def test_whoever_is_joined_with_another_stays_aside_and_who_is_erased_leaves_no_trace():
    lars, ada, twin = rep(), contact("Ada"), contact("Ada L.")
    put(lars, ada)
    contacts.merge(survivor_id=twin, loser_id=ada, now=NOW, actor_id=None)
    assert names_of(lars) == [twin]
    contacts.erase_contact(contact_id=twin, actor_id=lars.id, now=NOW)
    assert not PutAside.objects.exists()


@pytest.mark.parametrize(
    ("candidate", "left_out"),
    [
        (Candidate(Reason.ACCEPT, 1, NOW + timedelta(hours=2)), False),
        (Candidate(Reason.ACCEPT, 1, NOW + timedelta(hours=2, seconds=1)), True),
        (Candidate(Reason.ATTEMPT, 1, NOW - timedelta(hours=1)), False),
        (Candidate(Reason.STEP, 1, NOW.date()), True),
        (Candidate(Reason.STEP, 1, NOW + timedelta(hours=1)), False),
        (Candidate(Reason.NO_STEP, 1, NOW + timedelta(days=3)), True),
        (Candidate(Reason.BASKET, 1), True),
        (Candidate(Reason.BASKET, 2), False),
        (Candidate(Reason.STEP, None, NOW.date()), False),
    ],
)
def test_a_clock_that_is_about_to_run_out_brings_somebody_back_before_the_day(candidate, left_out):
    assert rules.is_left_out(candidate, {1}, now=NOW) is left_out
