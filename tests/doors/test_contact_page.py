"""The page of one contact: who they are, whether they are a lead and why not, what happened, what was agreed to."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orchard import flow
from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.contacts.types import BuyingRole, Entity, FieldType, NewFile
from orchard.interactions import actions as ledger
from orchard.interactions.actions import place
from orchard.interactions.types import NewFact, NotUseful
from orchard.kit import clock
from orchard.leads import actions as leads
from orchard.leads.models import Lead
from orchard.opportunities import actions as opportunities
from orchard.opportunities.types import Fields
from orchard.tasks import actions as tasks
from orchard.tasks.types import Happened, NewStep, What
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, drain, lead_of, ripe
from tests.make.leads import rep as taker
from tests.make.members import member
from tests.make.reading import text_of
from tests.make.steps import day, step

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


@pytest.fixture
def rep(client):
    person = member(Role.SALES, name="Omar Rep")
    client.force_login(person)
    return person


@pytest.fixture
def page(client, rep):
    return lambda contact_id, **query: client.get(reverse("contacts:show", args=[contact_id]), query)


def add(name="Ada Lovelace", **values):
    return contacts.create_contact(full_name=name, now=NOW, **values)


def happened(kind, contact_id, *, days_ago=0, words="", **values):
    at = NOW - timedelta(days=days_ago)
    (fact,) = ledger.append([NewFact(kind, at, contact_id=contact_id, **values)], now=NOW)
    if words:
        ledger.keep_words([(fact, contact_id, words)])
    ledger.drain(flow.CONSUMERS)
    return fact


def test_who_somebody_is_stands_in_the_second_line(page, rep):
    acme = contacts.create_account(name="Acme", now=NOW)
    ada = add(title="Buyer", account_id=acme, city="Linz", country="AT", owner_id=rep.id)
    assert "Buyer · Acme · Linz, Austria · looked after by Omar Rep" in text_of(page(ada))
    assert "Little is known yet." in text_of(page(add("Ben")))


def test_who_has_no_owner_is_said_to_be_with_who_works_with_them_else_with_the_accounts_owner(page, rep):
    agreements.in_force(AGREEMENT, now=NOW)
    mei = taker("Mei Tanabe", capacity=0)
    acme = contacts.create_account(name="Acme", owner_id=mei.id, now=NOW)
    ada = ripe("Ada Lovelace", account_id=acme)
    assert "With Mei Tanabe: looks after the account" in text_of(page(ada))
    drain()
    lead = lead_of(ada)
    assert "With Omar Rep: a lead that is offered" in text_of(page(ada))
    leads.accept(lead_id=lead.id, member_id=rep.id, now=NOW)
    assert "With Omar Rep: an accepted lead" in text_of(page(ada))
    opportunities.convert(lead_id=lead.id, member_id=rep.id, fields=Fields(name="Two lines"), now=NOW)
    said = text_of(page(ada))
    assert "With Omar Rep: an open opportunity" in said
    assert "Two lines Omar Rep open" in said


def test_without_an_agreement_the_page_leads_to_it(page):
    said = page(add())
    assert "Nobody is a lead yet" in text_of(said)
    assert reverse("agreement:show") in said.content.decode()


def test_who_is_no_lead_yet_sees_what_is_missing_by_how_much(page):
    agreements.in_force(now=NOW)
    ada = add()
    happened("show.visited", ada, days_ago=90)
    said = text_of(page(ada))
    assert "Not a lead yet" in said
    assert "By version 1 of the agreement, as of 23 Nov, 09:00." in said
    assert "What is missing · one of these is enough" in said
    assert re.search(r"The score is at least 40 · 27\.[4-6] points short", said)
    assert "Has asked for a quote within the last 7 days" in said


def test_the_lines_of_the_score_add_up_to_it(page):
    agreements.in_force(now=NOW)
    ada = add()
    for days in (3, 17, 41):
        happened("show.visited", ada, days_ago=days)
    answer = page(ada)
    verdict = answer.context["shown"].verdict
    assert sum(line.tenths for line in verdict.lines) == verdict.tenths > 0
    assert f"Together {verdict.tenths / 10:.1f}" in text_of(answer)


def test_a_lead_says_since_when_until_when_and_where_it_is(page):
    agreements.in_force(now=NOW)
    ada = add()
    happened("quote.requested", ada)
    answer = page(ada)
    said = text_of(answer)
    assert "A lead since 23 November 2026" in said
    assert "Holds until 30 Nov 2026, 10:00 if nothing else happens." in said
    assert "offered to Sales" in said
    assert "/leads/" in answer.content.decode()
    assert "The last assessment, 23 Nov, 09:00, decided the same." in said


def test_what_happened_is_told_in_words_with_talks_counted(page, rep):
    show = campaigns.create_campaign(name="PackExpo", now=NOW)
    ada = add()
    happened("show.visited", ada, days_ago=5, campaign_id=show, words="Can it run <60>?")
    happened("call.connected", ada, days_ago=2, member_id=rep.id)
    happened("opportunity.won", ada, amount=1_840_050, currency="CAD")
    said = text_of(page(ada))
    assert re.search(
        r"Visited our booth · 18 Nov 2026, 09:30 PackExpo talk 1 Not theirs… [^“]+ “Can it run <60>\?”", said
    )
    assert "Talked on the phone · 21 Nov 2026, 09:30 Omar Rep talk 2" in said
    assert "18,400.50 CAD" in said
    assert "&lt;60&gt;" in page(ada).content.decode()


def test_what_one_act_did_is_one_line_that_says_which_steps_it_was(page, rep):
    ada = add()
    before, now = NOW - timedelta(days=2), NOW - timedelta(hours=1)
    offer = step(rep, title="Send the offer", contact_id=ada, subject=("lead", 3), now=before)
    after = NewStep(What.CALL, due_on=day(3), title="Hear what they say")
    call = tasks.log(
        happened=Happened.REACHED,
        contact_id=ada,
        member_id=rep.id,
        now=now,
        key=uuid4(),
        does=offer,
        next_step=after,
    )
    place()
    said = text_of(page(ada))
    assert "Next step planned · 21 Nov 2026, 09:30 Send the offer · Omar Rep" in said
    assert "Talked on the phone · 23 Nov 2026, 08:30 Omar Rep talk 1" in said
    assert "Task done: Send the offer Next step planned: Hear what they say" in said
    assert "Task done ·" not in said
    tasks.unlog(log_id=call.id, by=rep.id, now=now)
    tasks.drop(task_id=offer, by=rep.id, now=NOW)
    place()
    said = text_of(page(ada))
    assert "Next step dropped · 23 Nov 2026, 09:30 Send the offer · Omar Rep" in said
    assert "Hear what they say" not in said


def test_what_software_did_is_marked(page):
    ada = add()
    happened("email.opened", ada)
    from orchard.interactions.models import InteractionClass

    InteractionClass.objects.update(made_by="machine")
    assert "by software" in text_of(page(ada))


def test_a_long_timeline_is_walked_in_its_place(page, client):
    ada = add()
    for days in range(35):
        happened("page.viewed", ada, days_ago=days)
    first = page(ada)
    cursor = first.context["shown"].events.page.next
    href = reverse("contacts:show", args=[ada])
    part = client.get(href, {"cursor": cursor}, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<section class="sheet" id="timeline"')
    assert "autofocus" in part.content.decode()
    assert part.content.decode().count('class="moment"') == 6
    back = client.get(
        href, {"cursor": cursor}, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    assert "<main" in back.content.decode()


def test_the_timeline_is_narrowed_by_links_with_counts_that_keep_the_number_of_a_talk(page, client):
    ada = add()
    for kind, days in (
        ("show.visited", 9),
        ("email.clicked", 8),
        ("call.connected", 5),
        ("call.attempted", 2),
    ):
        happened(kind, ada, days_ago=days)
    assert "Everything 5 Talks 2 E-mail 1 Phone 2 Shows 1 Records 1" in text_of(page(ada))
    phone = page(ada, channel="phone")
    assert 'href="?channel=email#timeline"' in phone.content.decode()
    assert "Talked on the phone · 18 Nov 2026, 09:30 talk 2" in text_of(phone)
    assert "Clicked in a mail" not in text_of(phone)
    part = client.get(
        reverse("contacts:show", args=[ada]), {"channel": "talks"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert part.count('class="moment"') == 2
    assert "autofocus" not in part


def test_a_channel_without_facts_says_so_and_one_that_is_none_narrows_nothing(page):
    ada = add()
    happened("email.clicked", ada)
    assert "Nothing of this kind" in text_of(page(ada, channel="phone"))
    assert "Clicked in a mail" in text_of(page(ada, channel="'; drop"))


def test_where_somebody_came_from_names_the_first_campaign_and_the_later_ones(page):
    ada = add()
    for name, days in (("Search ads", 30), ("Newsletter", 5)):
        source = campaigns.create_campaign(name=name, now=NOW)
        campaigns.add_sources([(ada, source, NOW - timedelta(days=days))])
    assert "Came through Search ads first 24 Oct Newsletter 18 Nov" in text_of(page(ada))


def test_every_consent_shows_source_wording_and_time_and_what_was_said_before(page, rep):
    ada = add()
    contacts.grant_consent(
        contact_id=ada,
        purpose="newsletter",
        source="form at the booth",
        wording="Yes, write to me.",
        wording_version="2026-05",
        at=NOW - timedelta(days=9),
        now=NOW,
    )
    said = text_of(page(ada))
    assert "Newsletter given 14 Nov, 09:30 · form at the booth · wording 2026-05" in said
    assert "The words shown “Yes, write to me.”" in said
    contacts.withdraw_consent(
        contact_id=ada, purpose="newsletter", source="on the phone", now=NOW, actor_id=rep.id
    )
    said = text_of(page(ada))
    assert "Newsletter taken back 23 Nov, 09:30 · on the phone · Omar Rep" in said
    assert "What was said before given · 14 Nov, 09:30 · form at the booth" in said
    assert "Take back" not in said


def test_own_fields_and_what_fields_held_before_stand_there_in_words(page, rep):
    contacts.declare_custom_field(
        entity=Entity.CONTACT, name="line", label="Line in use", type=FieldType.TEXT, now=NOW, actor_id=None
    )
    ada = add(seniority="c_level", custom={"line": "K4"})
    contacts.change_contact(contact_id=ada, values={"custom.line": "K5"}, now=NOW, actor_id=rep.id)
    said = text_of(page(ada))
    assert "Seniority C-level" in said
    assert "Line in use K5" in said
    assert "Line in use: K4 until 23 Nov 2026, 09:30 · Omar Rep" in said


def test_somebody_who_may_be_the_same_person_is_named_with_the_reason(page):
    ada = add(phones=["+43 1 588580"])
    other = add("A. Lovelace", phones=["+43 1 588580"])
    said = page(ada)
    assert "A. Lovelace may be the same person: the same phone." in text_of(said)
    assert f"{reverse('contacts:merge', args=[ada])}?with={other}" in said.content.decode()


def test_a_linkedin_profile_is_a_way_out_of_the_house(page):
    said = page(add(linkedin_slug="https://www.linkedin.com/in/ada-l/")).content.decode()
    assert 'rel="noreferrer" href="https://www.linkedin.com/in/ada-l"' in said


def test_an_id_that_was_joined_leads_to_the_living_contact(page):
    ada, double = add(), add("A. L.")
    contacts.merge(survivor_id=ada, loser_id=double, now=NOW, actor_id=None)
    assert page(double).url == reverse("contacts:show", args=[ada])


def test_nobody_at_this_address_is_said_in_a_sentence(page):
    answer = page(987_654)
    assert answer.status_code == 404
    assert "There is no such contact, or it was erased." in text_of(answer)


def test_only_who_may_erase_is_offered_it(page, client):
    ada = add()
    erase = reverse("contacts:erase", args=[ada])
    assert erase not in page(ada).content.decode()
    client.force_login(member(Role.MANAGER))
    assert erase in page(ada).content.decode()


def test_the_page_says_in_which_stage_somebody_is_since_when(page):
    agreements.in_force(agreements.SMALL + "stages: {nurturing: Growing on}\n", now=NOW)
    ada, ben = add(), add("Ben")
    happened("opportunity.opened", ada, days_ago=9)
    happened("lead.returned", ada, days_ago=3)
    said = text_of(page(ada))
    assert "Stage Growing on since 20 Nov 2026 · came back once" in said
    assert "Entered a stage" in said
    assert "Stage Contact" in text_of(page(ben))


def test_the_verdict_and_the_lead_name_campaigns_as_they_are_called_now_without_one_more_question(
    page, client, rep, django_assert_max_num_queries
):
    where = "where: {field: campaign, in: [fair-26, autumn-26]}"
    agreements.in_force(
        agreements.SMALL.replace("within_days: 7}", f"within_days: 7, {where}}}"), now=NOW - timedelta(days=2)
    )
    ada = add(title="Buyer", account_id=contacts.create_account(name="Acme", now=NOW))
    place()
    with CaptureQueriesContext(connection) as before:
        assert "campaign is fair-26 or autumn-26" in text_of(page(ada))
    fair = campaigns.create_campaign(name="The fair of 2026", code="fair-26", actor_id=None, now=NOW)
    campaigns.create_campaign(name="Autumn days", code="autumn-26", actor_id=None, now=NOW)
    with django_assert_max_num_queries(len(before)):
        assert "campaign is The fair of 2026 or Autumn days" in text_of(page(ada))
    client.force_login(member(Role.MANAGER))
    happened("quote.requested", ada, campaign_id=fair)
    drain()
    for name in ("The great fair", "Fair of 2026"):
        campaigns.change_campaign(campaign_id=fair, values={"name": name}, now=NOW, actor_id=None)
        assert f"campaign is {name} or Autumn days" in text_of(page(ada))
        (lead,) = Lead.objects.filter(contact_id=ada)
        for address in (reverse("leads:show", args=[lead.id]), reverse("contacts:list")):
            assert f"campaign is {name} or Autumn days" in text_of(client.get(address)), address


def test_a_page_full_of_everything_asks_the_database_few_questions(
    page, client, rep, django_assert_max_num_queries
):
    agreements.in_force(now=NOW)
    acme = contacts.create_account(name="Acme", now=NOW)
    ada = add(title="Buyer", account_id=acme, phones=["+43 1 588580"])
    add("A. Lovelace", phones=["+43 1 588580"])
    contacts.merge(survivor_id=ada, loser_id=add("Ada L."), now=NOW, actor_id=None)
    contacts.change_contact(contact_id=ada, values={"title": "Head of buying"}, now=NOW, actor_id=rep.id)
    contacts.set_role(contact_id=ada, account_id=acme, role=BuyingRole.DECIDER, now=NOW, actor_id=rep.id)
    fair = campaigns.create_campaign(name="Fair", now=NOW)
    campaigns.add_sources([(ada, fair, NOW)])
    opportunities.open_by_hand(contact_id=ada, member_id=rep.id, fields=Fields(name="Two lines"), now=NOW)
    for kind in ("quote.requested", "call.connected", "email.clicked"):
        happened(kind, ada)
    visit = happened("show.visited", ada, campaign_id=fair, words="Asked for belts")
    ledger.discount(interaction_ids=[visit], contact_id=ada, why=NotUseful.OLD, member_id=rep.id, now=NOW)
    tasks.write_note(words="Call her", member_id=rep.id, key=uuid4(), now=NOW, among=[], contact_id=ada)
    offer = NewFile("offer.csv", BytesIO(b"a,b\n1,2\n"))
    contacts.keep_files(files=[offer], now=NOW, actor_id=rep.id, contact_id=ada)
    step(rep, title="Send the offer", contact_id=ada)
    place()
    with django_assert_max_num_queries(30):  # who sees not everybody is asked about first
        page(ada)
    client.force_login(member(Role.MANAGER))
    with django_assert_max_num_queries(30):
        page(ada)
    with django_assert_max_num_queries(30):
        client.get(reverse("accounts:show", args=[acme]))
    with django_assert_max_num_queries(10):
        client.get(reverse("contacts:show", args=[ada]), {"channel": "talks"}, headers={"HX-Request": "true"})
