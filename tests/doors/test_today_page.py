"""The page of a member's day, as Sales works from it."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orchard.kit import clock
from orchard.leads import actions as leads
from orchard.leads.models import Lead
from orchard.opportunities import actions as opportunities
from orchard.opportunities.types import Fields
from orchard.tasks import actions as tasks
from orchard.tasks.models import Log, PutAside, Task
from orchard.tasks.types import Happened
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, contact, drain, happened, lead_of, rep, ripe
from tests.make.members import member
from tests.make.reading import text_of, toasts_of

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        yield


@pytest.fixture
def lars():
    return rep("Lars Berg", capacity=9)


def today(person):
    return text_of(door(person).get(reverse("today:show")))


def door(person):
    client = Client()
    client.force_login(person)
    return client


def opened(person, key):
    return door(person).get(reverse("today:show"), {"open": key, "at": 0}).content.decode()


def beside(person, key, at=0):
    """Return what stands beside the list when a line is open, asked as a browser asks for the part."""
    asked = {"open": key, "at": at}
    answer = door(person).get(reverse("today:show"), asked, headers={"HX-Request": "true"})
    assert "<main" not in answer.content.decode()
    return text_of(answer)


def offered(name):
    made = ripe(name)
    drain()
    return made


def step(person, contact_id, day, what="call", **more):
    return tasks.plan_step(
        what=what,
        member_id=person.id,
        made_by=person.id,
        due_on=day,
        contact_id=contact_id,
        now=MONDAY,
        **more,
    )


@pytest.mark.parametrize("where", ["today:show", "leads:list"])
def test_the_questions_asked_of_the_database_do_not_grow_with_the_leads(lars, where):
    asked = []
    for names in (("Ada", "Ben"), ("Cy", "Dee", "Eve", "Fay")):
        for name in names:
            ripe(name)
        drain()
        client = door(lars)
        client.get(reverse(where))
        with CaptureQueriesContext(connection) as questions:
            assert names[0] in text_of(client.get(reverse(where)))
        asked.append(len(questions))
    assert asked[0] == asked[1]


def test_an_empty_day_says_what_will_stand_there(lars):
    said = today(lars)
    assert "Monday 2 November. 0 done, 0 left, 0 meetings." in said
    assert "Nothing is left for today" in said


def test_clocks_come_first_then_steps_then_what_has_none_then_the_basket(lars):
    flagged = offered("Flagged Fay")
    leads.accept(lead_id=lead_of(flagged).id, member_id=lars.id, now=MONDAY)
    happened(flagged, "call.attempted", member_id=lars.id)
    offered("Clocked Cleo")
    planned = contact("Planned Pia")
    step(lars, planned, date(2026, 11, 2), title="Send the drawings")
    ripe("Waiting Wim", days_ago=1)
    drain()
    Lead.objects.filter(contact__full_name="Waiting Wim").update(state="waiting", member=None)
    said = today(lars)
    places = [said.index(name) for name in ("Clocked Cleo", "Planned Pia", "Flagged Fay", "Waiting Wim")]
    assert places == sorted(places)
    for words in (
        "accept by 2 Nov, 13:30",
        "Send the drawings",
        "no next step",
        "in the basket",
        "0 done, 4 left",
    ):
        assert words in said


def test_what_was_done_is_counted_and_leaves_the_day(lars):
    ada = contact("Ada Lovelace")
    planned = step(lars, ada, date(2026, 11, 2))
    assert "0 done, 1 left" in today(lars)
    tasks.log(
        happened=Happened.REACHED, contact_id=ada, member_id=lars.id, key=uuid4(), does=planned, now=MONDAY
    )
    said = today(lars)
    assert "1 done, 0 left" in said
    assert "Ada Lovelace" not in said


def test_what_was_done_today_opens_with_whom_and_when_and_shows_nobody_else_s(lars):
    done = reverse("today:done")
    assert f'href="{done}"' in door(lars).get(reverse("today:show")).content.decode()
    assert "Nothing is done yet today" in text_of(door(lars).get(done))
    ada, mei = contact("Ada Lovelace"), rep("Mei Tanabe")
    planned = step(lars, ada, date(2026, 11, 2), title="Send drawings")
    given = {"contact_id": ada, "happened": Happened.REACHED}
    tasks.log(**given, member_id=lars.id, key=uuid4(), does=planned, now=MONDAY)
    tasks.done(task_id=step(lars, None, date(2026, 11, 2), title="Book the stand"), by=lars.id, now=MONDAY)
    tasks.log(
        happened=Happened.MAIL,
        contact_id=contact("Canary Quill"),
        member_id=mei.id,
        key=uuid4(),
        now=MONDAY - timedelta(days=1),
    )
    said = text_of(door(lars).get(done))
    for words in (
        "Ada Lovelace",
        "Call, reached: “Send drawings”",
        "09:30",
        "Take back",
        "Step done: “Book the",
    ):
        assert words in said
    assert "Canary" not in said
    assert "Nothing is done yet today" in text_of(door(mei).get(done))
    assert door(member(Role.MARKETING)).get(done).status_code == 403


def test_what_is_taken_back_leaves_its_line_open_also_while_its_clocks_are_not_read_yet(lars):
    ada = offered("Ada Lovelace")
    lead = lead_of(ada)
    leads.accept(lead_id=lead.id, member_id=lars.id, now=MONDAY)
    step(lars, ada, date(2026, 11, 9), subject=("lead", lead.id))
    drain()
    where = reverse("today:show") + f"?open=lead-{lead.id}&at=0"
    page = door(lars)
    assert page.get(where).context["beside"].line.name == "Ada Lovelace"
    tasks.log(
        happened=Happened.NO_ANSWER,
        contact_id=ada,
        subject=("lead", lead.id),
        member_id=lars.id,
        key=uuid4(),
        now=MONDAY,
    )
    drain()
    assert page.get(where).context["beside"] is None
    undo = reverse("tasks:unlog", args=[Log.objects.get().id])
    assert (
        page.post(undo, headers={"Referer": where}, follow=True).context["beside"].line.name == "Ada Lovelace"
    )
    drain()
    assert page.get(where).context["beside"].line.name == "Ada Lovelace"


def test_an_opportunity_without_a_step_is_flagged_there(lars):
    ada = contact("Ada Lovelace")
    opportunities.open_by_hand(contact_id=ada, member_id=lars.id, fields=Fields("Two lines"), now=MONDAY)
    assert "“Two lines” is open, and nothing is planned" in today(lars)


def test_at_most_fifteen_names_stand_there_and_the_rest_is_counted(lars):
    for number in range(18):
        step(lars, contact(f"Name {number}"), date(2026, 11, 2))
    said = today(lars)
    assert said.count("Name ") == 15
    assert "3 more when these are done." in said


def test_a_day_shows_nobody_whom_a_colleague_has(lars):
    offered("Canary Quill")
    assert "Canary" in today(lars)
    assert "Canary" not in today(rep("Mei Tanabe", capacity=0))


def test_sales_begins_with_the_day_and_marketing_with_the_orchard(lars):
    for person, where in ((lars, "today:show"), (member(Role.MARKETING), "orchard:show")):
        client = Client()
        client.force_login(person)
        assert client.get("/")["Location"] == reverse(where)


def test_beside_an_open_line_stands_why_it_is_a_lead_what_was_said_and_what_one_does(lars):
    ada = offered("Ada Lovelace")
    lead = lead_of(ada)
    happened(ada, "call.connected", member_id=lars.id)
    leads.accept(lead_id=lead.id, member_id=lars.id, now=MONDAY)
    drain()
    said = beside(lars, f"lead-{lead.id}")
    for words in ("Why it is a lead", "Next step", "What happened", "talk 2", "Return", "All that is known"):
        assert words in said
    assert "talk 2" in today(lars)


def test_a_line_that_was_done_makes_way_for_the_one_below(lars):
    first = step(lars, contact("First Fay"), date(2026, 11, 2), title="Send drawings")
    step(lars, contact("Second Sue"), date(2026, 11, 2), title="Send samples")
    assert "Put it off" in beside(lars, f"step-{first}")
    where = reverse("today:show") + f"?open=step-{first}&at=0"
    door(lars).post(reverse("tasks:done", args=[first]), {"back": where})
    page = door(lars).get(where)
    assert page.context["beside"].line.name == "Second Sue"


def test_whoever_accepts_or_returns_from_the_day_comes_back_to_it(lars):
    lead = lead_of(offered("Ada Lovelace"))
    where = reverse("today:show") + f"?open=lead-{lead.id}&at=0"
    accepted = door(lars).post(reverse("leads:accept", args=[lead.id]), {"back": where})
    assert accepted["Location"] == where
    undone = door(lars).post(reverse("leads:take_back", args=[lead.id]), headers={"Referer": where})
    assert undone["Location"] == where
    assert lead_of(lead.contact_id).state == "offered"
    form = reverse("leads:give_back", args=[lead.id])
    part = door(lars).get(form, {"back": where}, headers={"HX-Request": "true"})
    assert "<main" not in part.content.decode()
    assert "Return Ada Lovelace" in text_of(part)
    given = {"back": where, "reason": "too_early"}
    refused = door(lars).post(form, {"back": where}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    page = door(lars)
    returned = page.post(form, given, headers={"HX-Request": "true"})
    assert returned["HX-Redirect"] == where
    mistaken = reverse("leads:take_return_back", args=[lead.id])
    assert mistaken in page.get(where).content.decode()
    back = page.post(mistaken, headers={"Referer": where})
    assert back["Location"] == where
    assert lead_of(lead.contact_id).state == "offered"


def test_whoever_is_put_aside_leaves_the_day_with_a_reason_that_marketing_reads_and_comes_back(lars):
    ada = contact("Ada Lovelace")
    due = step(lars, ada, date(2026, 11, 2), title="Send drawings")
    where = reverse("today:show") + f"?open=step-{due}&at=0"
    page = door(lars)
    (href,) = set(re.findall(r'href="([^"]*/today/aside/[^"]*)"', page.get(where).content.decode()))
    form = page.get(html.unescape(href), headers={"HX-Request": "true"})
    assert "Ada Lovelace: not today" in text_of(form)
    address, given = href.split("?")[0], dict(parse_qsl(html.unescape(href).split("?")[1]))
    refused = page.post(address, {**given, "until_on": "other", "why": "other"})
    assert refused.status_code == 422
    for words in ("Choose the day on which they stand here again", "Say why in your words"):
        assert words in text_of(refused)
    given |= {"until_on": "2026-11-05", "why": "needs_something", "words": "Wants the brochure"}
    assert page.post(address, given)["Location"] == where
    shown = page.get(reverse("today:show"))
    assert "Ada Lovelace is put aside until Thu 5 Nov." in toasts_of(shown)
    said = text_of(shown)
    for words in ("1 put aside", "until Thu 5 Nov", "Wants the brochure"):
        assert words in said
    assert "Send drawings" not in said
    came_back = text_of(door(member(Role.MARKETING)).get(reverse("leads:returned")))
    assert "They need something from us first" in came_back
    assert "Wants the brochure" in came_back
    aside = PutAside.objects.get()
    page.post(reverse("today:bring_back", args=[aside.id]))
    assert "Send drawings" in text_of(page.get(reverse("today:show")))


def test_why_somebody_was_put_aside_stands_on_the_timeline_with_or_without_words(lars):
    ada, ben = contact("Ada Lovelace"), contact("Ben Carter")
    given = {"member_id": lars.id, "until": date(2026, 11, 5), "now": clock.now()}
    tasks.put_aside(contact_id=ada, why="needs_something", **given)
    tasks.put_aside(contact_id=ben, why="other", words="On parental leave", **given)
    drain()
    marketing = door(member(Role.MARKETING))
    pages = [text_of(marketing.get(reverse("contacts:show", args=[each]))) for each in (ada, ben)]
    put = "Put aside by Sales · 2 Nov 2026, 09:30"
    assert f"{put} They need something from us first · Lars Berg" in pages[0]
    assert f"{put} Lars Berg “On parental leave”" in pages[1]


def test_what_cannot_wait_is_not_put_aside_and_a_meeting_is_not_moved_with_whom_it_is(lars):
    lead = lead_of(offered("Ada Lovelace"))
    assert "/today/aside/" in opened(lars, f"lead-{lead.id}")
    with clock.at(MONDAY + timedelta(hours=2, minutes=30)):
        assert "/today/aside/" not in opened(lars, f"lead-{lead.id}")
    ben = contact("Ben Cook")
    begins = MONDAY + timedelta(hours=5)
    tasks.plan_step(
        what="meeting",
        title="Lunch",
        member_id=lars.id,
        made_by=lars.id,
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        contact_id=ben,
        now=MONDAY,
    )
    given = {"until_on": "2026-11-05", "why": "away", "step": str(Task.objects.get().id)}
    assert door(lars).post(reverse("today:put_aside", args=[ben]), given).status_code == 302
    assert Task.objects.get().due_on == MONDAY.date()
    given["step"] = "²"
    assert door(lars).post(reverse("today:put_aside", args=[ben]), given).status_code == 302


def test_whoever_is_put_aside_from_the_basket_makes_room_for_the_next(lars):
    Member.objects.update(capacity=0)
    for name in ("Ada Lovelace", "Ben Cook"):
        ripe(name)
    drain()
    Member.objects.filter(id=lars.id).update(capacity=1)
    first, second = Lead.objects.filter(state="waiting").order_by("-score", "-id")
    lars.refresh_from_db()
    given = {"until_on": "2026-11-05", "why": "away"}
    assert f"lead-{first.id}" in door(lars).get(reverse("today:show")).content.decode()
    door(lars).post(reverse("today:put_aside", args=[first.contact_id]), given)
    assert f"lead-{second.id}" in door(lars).get(reverse("today:show")).content.decode()


def test_a_way_back_to_a_foreign_host_is_not_taken(lars):
    lead = lead_of(offered("Ada Lovelace"))
    away = door(lars).post(reverse("leads:accept", args=[lead.id]), {"back": "https://elsewhere.example/"})
    assert away["Location"] == reverse("leads:show", args=[lead.id])


def test_a_step_is_planned_from_the_day_and_leads_back_to_it(lars):
    ada = offered("Ada Lovelace")
    lead = lead_of(ada)
    leads.accept(lead_id=lead.id, member_id=lars.id, now=MONDAY)
    where = reverse("today:show") + f"?open=lead-{lead.id}&at=0"
    form = reverse("tasks:plan", args=[ada])
    part = door(lars).get(form, {"back": where, "what": "meeting"}, headers={"HX-Request": "true"})
    assert "<main" not in part.content.decode()
    given = {"what": "call", "title": "", "due_on": "2026-11-03", "member": lars.id, "back": where}
    planned = door(lars).post(form, given, headers={"HX-Request": "true"})
    assert planned["HX-Redirect"] == where


def test_nobody_opens_a_line_that_is_not_in_the_own_day(lars):
    lead = lead_of(offered("Canary Quill"))
    mei = rep("Mei Tanabe", capacity=0)
    step(mei, contact("Somebody Else"), date(2026, 11, 2))
    said = beside(mei, f"lead-{lead.id}")
    assert "Somebody Else" in said
    assert "Canary" not in said


def test_a_list_that_the_browser_has_already_is_not_sent_again(lars):
    step(lars, contact("First Fay"), date(2026, 11, 2))
    client = door(lars)

    def renewed(mark=""):
        headers = {"HX-Request": "true", "Orchard-Mark": mark}
        return client.get(reverse("today:show"), headers=headers)

    first = renewed()
    assert renewed(first["Orchard-Mark"]).status_code == 204
    step(lars, contact("Second Sue"), date(2026, 11, 2))
    later = renewed(first["Orchard-Mark"])
    assert "Second Sue" in later.content.decode()
    assert renewed(later["Orchard-Mark"]).status_code == 204


def test_every_sort_of_line_opens(lars):
    offered("Clocked Cleo")
    step(lars, contact("Planned Pia"), date(2026, 11, 2), title="Send the drawings")
    step(lars, None, date(2026, 11, 2), title="Book the stand")
    seller = contact("Selling Sam")
    opportunities.open_by_hand(contact_id=seller, member_id=lars.id, fields=Fields("Two lines"), now=MONDAY)
    ripe("Waiting Wim", days_ago=1)
    drain()
    Lead.objects.filter(contact__full_name="Waiting Wim").update(state="waiting", member=None)
    lines = door(lars).get(reverse("today:show")).context["day"].lines
    told = {
        "Clocked Cleo": ("Why it is a lead", "Accept", "Log"),
        "Planned Pia": ("Put it off", "Drop it", "Log"),
        "Selling Sam": ("The opportunity", "Log"),
        "Waiting Wim": ("Why it is a lead", "Take it"),
        "": ("Book the stand", "Put it off", "Change the step"),
    }
    assert {line.name for line in lines} == told.keys()
    for at, line in enumerate(lines):
        said = beside(lars, line.key, at).partition("Esc closes it")[2]
        for words in told[line.name]:
            assert words in said
        assert ("Log" in said) == ("Log" in told[line.name])
