"""What members are to do, over the pages: the list, one step, planning, acts of one tap, logging, a meeting's file."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from icalendar import Calendar

from orchard.contacts import actions as contacts
from orchard.interactions.models import Interaction
from orchard.kit import clock, paging
from orchard.tasks import actions, queries
from orchard.tasks.models import Task
from orchard.tasks.types import What
from orchard.team.types import Role
from orchard.web.sales import log
from tests.make.members import member
from tests.make.posting import posted
from tests.make.reading import text_of, toasts_of
from tests.make.steps import HOUR, NOW, day, meeting, overdue, row, step, told

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("tasks:list"), reverse("tasks:new")


@pytest.fixture(autouse=True)
def wednesday():
    with clock.at(NOW):
        yield


@pytest.fixture
def rep(client):
    person = member(Role.SALES, name="Lars Berg", time_zone="Europe/Vienna")
    client.force_login(person)
    return person


@pytest.fixture
def ada():
    acme = contacts.create_account(name="Acme", now=NOW)
    return contacts.create_contact(
        full_name="Ada Lovelace", phones=["+43 1 588580"], account_id=acme, now=NOW
    )


def to(name, *arguments):
    return reverse(f"tasks:{name}", args=arguments)


def test_with_nothing_to_do_the_list_leads_to_the_contacts(client, rep):
    said = client.get(LIST)
    assert "Nothing to do" in text_of(said)
    assert "0 overdue · 0 today · 0 coming" in text_of(said)


def test_the_list_shows_what_is_late_what_is_for_today_and_what_comes_with_whom(client, rep, ada):
    overdue(rep, title="Ask for <b>samples</b>", contact_id=ada)
    step(rep, title="Write the offer", what=What.MAIL)
    meeting(rep, title="Lunch", place="Linde", contact_id=ada)
    step(member(), title="Not mine")
    said = client.get(LIST)
    words = text_of(said)
    assert "1 overdue · 1 today · 1 coming" in words
    order = [
        words.index(each) for each in ("Overdue", "Ask for", "Today", "Write the offer", "Coming", "Lunch")
    ]
    assert order == sorted(order)
    assert "Ask for <b>samples</b> Ada Lovelace Acme · +43 1 588580 overdue Tue 24 Nov" in words
    assert "Thu 26 Nov, 10:30 –11:30" in words.replace("–", " –"), "in the zone of who reads"
    assert "Not mine" not in words


def test_a_long_list_is_walked(client, rep):
    for number in range(26):
        step(rep, title=f"Step {number:02}")
    first = client.get(LIST)
    assert "Step 24" in text_of(first)
    assert "Step 25" not in text_of(first)
    cursor = first.context["listed"].page.next
    assert "Step 25" in text_of(client.get(LIST, {"cursor": cursor}))
    for broken in ("nonsense", paging.encode(["2026-11-25", "soon", 1]), paging.encode(["soon", cursor, 1])):
        assert client.get(LIST, {"cursor": broken}).status_code == 400


def test_what_is_to_be_done_is_taken_along_and_nobody_else_s(client, rep, ada):
    step(rep, title="Ask", contact_id=ada)
    step(member(Role.SALES), title="Not mine")
    answer = client.post(LIST, {"export": "csv"})
    head, *lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head == "What,Sort,With,Company,Phone,Due,At,Place,Whose"
    assert [line.split(",")[::2][:2] for line in lines] == [["Ask", "Ada Lovelace"]]


def test_one_tap_does_a_step_and_another_takes_it_back(client, rep, ada):
    made = step(rep, title="Ask", contact_id=ada)
    answer = client.post(to("done", made), follow=True)
    assert "“Ask” is done." in toasts_of(answer)
    assert to("undo", made) in answer.content.decode()
    again = client.post(to("undo", made), follow=True)
    assert "It is as it was before." in toasts_of(again)
    assert queries.step(made).is_open


def test_one_tap_puts_off_and_one_drops_on_the_page_they_were_pressed_on(client, rep, ada):
    made, page = step(rep, title="Ask", contact_id=ada), reverse("contacts:show", args=[ada])
    answer = client.post(to("snooze", made), {"until": "2026-11-30", "back": page})
    assert answer["Location"] == page
    assert row(made).due_on == day(5)
    answer = client.post(to("drop", made), follow=True, headers={"referer": f"http://testserver{page}"})
    assert answer.redirect_chain == [(page, 302)]
    assert "“Ask” is dropped." in toasts_of(answer)
    assert client.post(to("done", made)).status_code == 409


def test_a_way_back_to_another_host_is_not_taken(client, rep):
    answer = client.post(to("done", step(rep)), {"back": "https://elsewhere.example/"})
    assert answer["Location"] == LIST


def test_a_day_that_is_none_ends_in_a_sentence(client, rep):
    answer = client.post(to("snooze", step(rep)), {"until": "soon"})
    assert answer.status_code == 400
    assert "Choose a day." in text_of(answer)


def test_a_step_is_planned_from_the_contact_s_page(client, rep, ada):
    where = to("plan", ada)
    data = form(client, where)
    assert data["due_on"] == ["2026-11-26"]
    answer = client.post(where, {**data, "title": "Send samples", "what": "mail"}, follow=True)
    assert "The step is planned." in toasts_of(answer)
    found = queries.next_steps_of_contacts([ada])[ada]
    assert (found.words, found.what, found.member_id) == ("Send samples", What.MAIL, rep.id)
    assert Interaction.objects.get(kind="task.planned").account_id is not None


def form(client, where, **query):
    """Return what the form of a step, or the one that logs, would post as it stands."""
    page = client.get(where, query).content.decode()
    fields = posted(page.partition('-form" novalidate')[2], "")
    return {name: values for name, values in fields.items() if name != "csrfmiddlewaretoken"}


def test_what_is_wrong_with_a_step_comes_back_with_what_was_written(client, rep, ada):
    where = to("plan", ada)
    data = {**form(client, where), "what": "meeting", "title": "Lunch", "begins": "12:00"}
    answer = client.post(where, data)
    assert answer.status_code == 422
    assert "To : This field is required." in text_of(answer)
    assert 'value="Lunch"' in answer.content.decode()
    client.post(where, {**data, "ends": "13:00", "place": "Linde"})
    found = queries.next_steps_of_contacts([ada])[ada]
    assert found.starts_at == (NOW + 24 * HOUR).replace(hour=11, minute=0), "noon in Vienna"


def test_something_to_do_without_anybody_needs_words(client, rep):
    data = {"what": "todo", "due_on": "2026-11-26", "member": rep.id}
    answer = client.post(NEW, data)
    assert "Say what is to be done." in text_of(answer)
    client.post(NEW, {**data, "title": "Order catalogues"})
    assert Task.objects.get().contact_id is None


def test_a_step_given_to_a_colleague_is_hers_and_rings_her_bell(client, rep, ada):
    mei = member(name="Mei Tanabe")
    data = {**form(client, to("plan", ada)), "member": mei.id}
    client.post(to("plan", ada), data)
    made = Task.objects.get()
    assert made.member_id == mei.id
    assert queries.unseen_count(mei.id) == 1
    assert client.get(to("change", made.id)).status_code == 200, "who planned it may look after it"


def test_a_step_is_changed_and_what_a_colleague_changed_meanwhile_is_not_written_over(client, rep, ada):
    made = step(rep, title="Ask", contact_id=ada)
    shown = form(client, to("change", made))
    with clock.at(NOW + HOUR):
        client.post(to("change", made), {**shown, "title": "Ask again"})
        late = client.post(to("change", made), {**shown, "title": "Ask never"})
    assert late.status_code == 422
    assert "Somebody changed this step while you wrote." in text_of(late)
    assert row(made).title == "Ask again"


def test_the_page_of_a_step_that_is_done_says_so_and_opens_it_again(client, rep):
    made = step(rep, title="Ask")
    client.post(to("drop", made), {"reason": "They bought elsewhere"})
    said = client.get(to("change", made))
    assert "Dropped on 25 Nov, 10:30." in text_of(said)
    assert "“They bought elsewhere”" in text_of(said)
    client.post(to("undo", made))
    assert queries.step(made).is_open


def test_a_meeting_is_taken_into_one_s_calendar_and_out_again(client, rep, ada):
    made = meeting(rep, title="Lunch", contact_id=ada)
    answer = client.get(to("file", made))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=REQUEST"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["summary"]) == "Lunch · Ada Lovelace"
    assert str(event["description"]) == f"http://testserver{to('change', made)}"
    client.post(to("drop", made))
    assert "METHOD:CANCEL" in client.get(to("file", made)).content.decode()
    assert client.get(to("file", step(rep))).status_code == 404


def test_a_rep_opens_no_step_of_a_colleague_and_a_manager_looks_at_everybody_s(client, rep):
    mei = member(name="Mei Tanabe")
    hers = step(mei, title="Hers")
    assert client.get(to("change", hers)).status_code == 403
    assert client.get(to("of", mei.id)).status_code == 403
    assert "Mei Tanabe" not in text_of(client.get(LIST))
    boss = member(Role.MANAGER, name="Nora Lind")
    client.force_login(boss)
    assert "Mei Tanabe" in text_of(client.get(LIST))
    said = text_of(client.get(LIST, {"member": mei.id}, follow=True))
    assert "Tasks of Mei Tanabe" in said
    assert "Hers" in said
    client.post(to("done", hers))
    assert not queries.step(hers).is_open


# Logging


def test_a_call_is_logged_with_its_words_and_stands_in_the_timeline(client, rep, ada):
    answer = client.post(
        to("log", ada), {**form(client, to("log", ada)), "words": "Wants <samples>"}, follow=True
    )
    assert "The call is logged." in toasts_of(answer)
    told(ada)
    said = text_of(client.get(reverse("contacts:show", args=[ada])))
    assert "Logged at 10:30: Call, reached Take back" in said
    assert "Talked on the phone" in said
    assert "“Wants <samples>”" in said


def test_the_form_sent_twice_logs_once_and_says_so(client, rep, ada):
    data = form(client, to("log", ada), happened="no_answer")
    client.post(to("log", ada), data)
    again = client.post(to("log", ada), data, follow=True)
    assert "nothing is there twice" in toasts_of(again)
    assert Interaction.objects.filter(kind="call.attempted").count() == 1


def test_a_call_does_the_due_call_and_plans_the_next_step_and_all_of_it_is_taken_back(client, rep, ada):
    due, later = step(rep, title="Ask", contact_id=ada), step(rep, due=4, contact_id=ada)
    data = {
        **form(client, to("log", ada)),
        "next_on": "2026-12-02",
        "next_what": "mail",
        "next_title": "Offer",
    }
    answer = client.post(to("log", ada), data, follow=True)
    said = toasts_of(answer)
    assert "The call is logged. “Ask” is done. The next step is planned." in said
    assert [queries.step(each).is_open for each in (due, later)] == [False, True]
    undo = answer.content.decode().partition('action="/tasks/log/')[2].partition('"')[0]
    client.post(f"/tasks/log/{undo}", follow=True)
    assert [each.id for each in queries.open_of_contacts([ada])] == [due, later]
    assert "call.connected" not in told(ada)


def test_a_call_without_an_answer_leaves_the_step_open(client, rep, ada):
    due = step(rep, contact_id=ada)
    client.post(to("log", ada), {**form(client, to("log", ada), happened="no_answer"), "does": due})
    assert queries.step(due).is_open


def test_another_day_must_be_said_and_the_words_stay(client, rep, ada):
    data = {**form(client, to("log", ada)), "words": "Long talk", "next_on": "other"}
    answer = client.post(to("log", ada), data)
    assert answer.status_code == 422
    assert "Choose the day of the next step." in text_of(answer)
    assert "Long talk" in answer.content.decode()
    fragment = client.post(to("log", ada), data, headers={"hx-request": "true"})
    assert fragment.status_code == 422
    assert fragment.content.decode().lstrip().startswith("<form")


def test_what_is_to_come_is_not_logged(client, rep, ada):
    answer = client.post(to("log", ada), {**form(client, to("log", ada)), "at": "2026-11-25T10:31"})
    assert "This lies in the future" in text_of(answer), "it is 10:30 in Vienna"
    client.post(to("log", ada), {**form(client, to("log", ada)), "at": "2026-11-24T10:31"})
    assert Interaction.objects.get(kind="call.connected").occurred_at == NOW - 24 * HOUR + timedelta(
        minutes=1
    )


def test_a_page_about_a_record_logs_under_it_and_nobody_makes_one_up(client, rep, ada, rf):
    request = rf.get("/leads/7")
    request.user = rep
    block = log.block(request, contact_id=ada, steps=[], subject=("lead", 7))
    about = block.form.initial["about"]
    answer = client.post(
        to("log", ada), {**form(client, to("log", ada)), "about": about, "back": "/contacts/"}
    )
    assert answer["Location"] == "/contacts/"
    fact = Interaction.objects.get(kind="call.connected")
    assert (fact.subject_kind, fact.subject_id) == ("lead", 7)
    for forged in ("1:lead:8", about.replace(":7:", ":8:"), about[:-1]):
        answer = client.post(to("log", ada), {**form(client, to("log", ada)), "about": forged})
        assert "does not say what it is about" in text_of(answer)
    other = contacts.create_contact(full_name="Ben", now=NOW)
    answer = client.post(to("log", other), {**form(client, to("log", other)), "about": about})
    assert "does not say what it is about" in text_of(answer)
    assert Interaction.objects.filter(kind="call.connected").count() == 1
    assert about in block.plan_url.replace("%3A", ":")


def test_with_an_erased_contact_nothing_is_logged_or_planned(client, rep, ada):
    data = form(client, to("log", ada))
    contacts.erase_contact(contact_id=ada, now=NOW, actor_id=None)
    assert client.post(to("log", ada), data).status_code == 404
    assert client.get(to("plan", ada)).status_code == 404


def test_an_entry_of_long_ago_is_not_taken_back(client, rep, ada):
    made = actions.log(happened="mail", contact_id=ada, member_id=rep.id, key=uuid4(), now=NOW)
    with clock.at(NOW + timedelta(minutes=16)):
        answer = client.post(to("unlog", made.id))
    assert answer.status_code == 400
    assert "for 15 minutes" in text_of(answer)


def test_the_contact_s_page_shows_what_comes_next_and_offers_to_log(client, rep, ada):
    page = reverse("contacts:show", args=[ada])
    assert "Nothing is planned." in text_of(client.get(page))
    step(rep, title="Ask", contact_id=ada)
    said = client.get(page)
    assert "Ask today Wed 25 Nov · Lars Berg" in text_of(said)
    assert 'data-keys="l c"' in said.content.decode()
    assert form(client, to("log", ada))["happened"] == ["reached"]
