"""A fact or a line of the score that is not useful: said in one tap, seen on the page, taken back, and collected."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from orchard import flow
from orchard.agreement import queries as agreement
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact, NotUseful
from orchard.kit import clock
from orchard.leads.models import Lead
from orchard.team.types import Role
from tests.make import agreements
from tests.make.members import member
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        agreements.in_force(now=NOW)
        yield


@pytest.fixture
def rep(client):
    person = member(Role.SALES, name="Omar Rep")
    client.force_login(person)
    return person


@pytest.fixture
def ada(rep):
    return contacts.create_contact(full_name="Ada Lovelace", now=NOW)


def happened(kind, contact_id, *, days_ago=0):
    fact = NewFact(kind, NOW - timedelta(days=days_ago), contact_id=contact_id)
    (identity,) = ledger.append([fact], now=NOW)
    ledger.drain(flow.CONSUMERS)
    return identity


def page(client, contact_id):
    return client.get(reverse("contacts:show", args=[contact_id]))


def points(client, contact_id):
    return page(client, contact_id).context["shown"].verdict.tenths


def say(client, contact_id, fact, why="machine", **more):
    where = reverse("contacts:not_useful", args=[contact_id, fact])
    return client.post(where, {"why": why, **more}, follow=True)


def test_one_tap_takes_a_visit_out_of_the_score_at_once_and_the_toast_brings_it_back(client, ada):
    fact = happened("show.visited", ada)
    before = points(client, ada)
    answer = say(client, ada, fact, "not_them")
    assert points(client, ada) == 0 < before
    said = text_of(answer)
    assert "It counts for nothing any more: it was not this person." in answer.content.decode()
    assert "Not useful: It was not this person · Omar Rep, " in said
    ledger.drain(flow.CONSUMERS)
    assert re.search(
        r"Said to be not useful · [\w :,]+ Visited our booth · It was not this person",
        text_of(page(client, ada)),
    )
    undo = re.search(r'action="(/contacts/\d+/judged/\d+/undo)"', answer.content.decode())[1]
    assert "It counts again." in client.post(undo, follow=True).content.decode()
    assert points(client, ada) == before


def test_a_whole_line_is_judged_by_the_facts_behind_it(client, ada):
    for days in (3, 30):
        happened("show.visited", ada, days_ago=days)
    happened("call.attempted", ada)
    where = reverse("contacts:line", args=[ada, 0])
    shown = client.get(where)
    assert "from 2 entries" in text_of(shown)
    line = shown.context["shown"]
    assert sum(tenths for _event, tenths in line.rows) == pytest.approx(line.tenths, abs=1)
    answer = client.post(where, {"why": "competitor", "version": str(line.version)}, follow=True)
    assert "2 entries count for nothing any more: a competitor looks at us." in answer.content.decode()
    assert points(client, ada) == 0
    assert "Said to be not useful" in text_of(client.get(where))


def test_a_line_of_another_version_of_the_agreement_is_not_judged(client, ada):
    happened("show.visited", ada)
    answer = client.post(reverse("contacts:line", args=[ada, 0]), {"why": "old", "version": "99"})
    assert answer.status_code == 400
    assert "Another agreement came into force meanwhile" in text_of(answer)
    assert points(client, ada) > 0


def test_a_lead_that_rested_on_it_is_withdrawn_before_anybody_took_it(client, ada):
    fact = happened("quote.requested", ada)
    assert Lead.objects.get(contact_id=ada).closed_at is None
    say(client, ada, fact, "old")
    ledger.drain(flow.CONSUMERS)
    assert Lead.objects.get(contact_id=ada).state == "withdrawn"


def test_what_is_counted_over_everybody_leaves_it_out_as_well(client, ada, settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    document = agreement.in_force_terms().document
    fact = happened("quote.requested", ada)
    assert agreement.ripe_now(document, now=NOW).contacts == 1
    say(client, ada, fact, "old")
    ledger.drain(flow.CONSUMERS)
    assert agreement.ripe_now(document, now=NOW).contacts == 0


def test_every_reason_is_offered_and_no_other_is_taken(client, ada):
    fact = happened("show.visited", ada)
    offered = set(re.findall(r'name="why" value="(\w+)"', page(client, ada).content.decode()))
    assert offered == set(NotUseful)
    answer = client.post(reverse("contacts:not_useful", args=[ada, fact]), {"why": "ugly"})
    assert answer.status_code == 400
    assert points(client, ada) > 0


def test_pressed_twice_it_is_said_once_and_what_is_nobodys_is_gone(client, ada):
    fact = happened("show.visited", ada)
    say(client, ada, fact)
    assert "It is said to be not useful already." in say(client, ada, fact).content.decode()
    assert client.post(reverse("contacts:not_useful", args=[ada, 999_999]), {"why": "old"}).status_code == 404


def test_what_cannot_score_offers_nothing_to_judge(client, ada):
    happened("call.attempted", ada)
    assert 'class="judge"' not in page(client, ada).content.decode()


def test_marketing_reads_the_reasons_on_what_came_back_and_sales_their_own(client, ada, rep):
    say(client, ada, happened("show.visited", ada), "no_buyer")
    where = reverse("leads:returned")
    assert "You said within 30 days that it is not useful: 1" in text_of(client.get(where))
    client.force_login(member(Role.MARKETING))
    said = text_of(client.get(where))
    assert "Said within 30 days to be not useful: 1" in said
    assert "Visited our booth A student, applicant or seller" in said
    assert "Ada Lovelace Omar Rep" in said
    client.force_login(member(Role.SALES))
    assert "not useful" not in text_of(client.get(where))
