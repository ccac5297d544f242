"""The page of the weekly meeting: its week, its numbers and their rows, and what is written there by whom."""

import re
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orchard.kit import clock
from orchard.tasks import queries as steps
from orchard.team.types import Role
from orchard.weekly import actions, queries
from orchard.weekly.models import Decision, Note
from orchard.weekly.types import Week
from tests.make import company
from tests.make.members import member
from tests.make.posting import resent
from tests.make.reading import text_of, toasts_of

pytestmark = pytest.mark.django_db

WEEK = Week(date(2026, 11, 9))


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    with clock.at(company.NOW):
        yield


@pytest.fixture
def nora():
    return member(Role.MARKETING, name="Nora Lind")


@pytest.fixture
def page(client, nora):
    client.force_login(nora)
    return client


def address(name="week", week=WEEK):
    return reverse(f"weekly:{name}", args=[week])


def noted(by, words="They want samples first", **values):
    given = {"week": WEEK, "words": words, "member_id": by.id, "key": uuid4(), "now": clock.now()}
    return actions.write_note(**{**given, **values})


def decided(by, words="Send samples", **values):
    given = {"week": WEEK, "words": words, "member_id": by.id, "key": uuid4(), "now": clock.now()}
    return actions.decide(**{**given, **values})


def links(answer):
    """Return the links on counts, each with the count; what was won is an amount."""
    found = re.findall(r'href="([^"]*/rows\?[^"]*)">\s*(?:[^<:]*: )?([\d,]+)\s*</a>', answer.content.decode())
    return [
        (unescape(where), int(number.replace(",", "")))
        for where, number in found
        if "number=won" not in where
    ]


def test_it_opens_with_the_last_week_that_is_over_and_leads_to_its_neighbours_but_never_ahead(page):
    first = page.get(reverse("weekly:show"))
    assert "Week 46, Mon 9 Nov to Sun 15 Nov 2026" in text_of(first)
    assert address(week=WEEK.before) in first.content.decode()
    running = page.get(address(week=WEEK.after))
    assert "still running" in text_of(running)
    assert address(week=WEEK.after.after) not in running.content.decode()
    assert "Week after" not in text_of(running)
    ahead = page.get(address(week=WEEK.after.after))
    assert (ahead.status_code, "still to come" in text_of(ahead)) == (400, True)
    assert page.get(address(week="2026-W60")).status_code == 400


@pytest.mark.parametrize("role", [Role.SALES, pytest.param(Role.MANAGER, marks=pytest.mark.slow)])
def test_each_number_opens_so_many_rows_read_at_the_place_of_the_page(client, role):
    company.founded(people=80)
    client.force_login(member(role))
    opened = []
    for back in range(12, 28, 2):
        week = Week(WEEK.monday - timedelta(days=7 * back))
        opened += links(client.get(address("figures", week)))
    assert {re.search(r"/reports/(\w+)/rows", where)[1] for where, _ in opened} == {
        "scorecard",
        "funnel",
        "came_back",
    }
    for where, number in opened[::5]:
        assert client.get(where).context["found"].number == number, where


def test_a_company_without_a_past_gets_noughts_and_the_way_to_an_agreement(page):
    answer = text_of(page.get(address("figures")))
    assert "Nothing is promised yet" in answer
    assert "Nothing came back in these two weeks." in answer


def test_what_is_noted_stands_there_with_author_and_time_and_once(page, nora):
    answer = page.get(address())
    sent = {
        "key": re.search(r'name="key" value="([^"]+)"', answer.content.decode())[1],
        "words": "Two\nlines",
    }
    for _ in range(2):
        answer = page.post(address("add_note"), sent, follow=True)
    assert answer.redirect_chain[0][0] == f"{address()}#notes"
    assert text_of(answer).count("Two lines") == 1
    assert "Nora Lind, 20 Nov, 09:30" in text_of(answer)
    assert Note.objects.count() == 1


def test_what_cannot_be_noted_is_said_beside_the_field_and_kept(page):
    answer = page.post(address("add_note"), {"key": str(uuid4()), "words": " "})
    assert (answer.status_code, "Write what was said." in text_of(answer)) == (422, True)
    answer = page.post(
        address("add_decision"),
        {"key": str(uuid4()), "words": "Send samples", "owner": str(member().id), "due_on": ""},
    )
    assert (answer.status_code, "Say until when" in text_of(answer)) == (422, True)
    assert 'value="Send samples"' in answer.content.decode()
    answer = page.post(address("add_decision"), {"key": "x", "words": "a" * 201, "due_on": "soon"})
    assert answer.status_code == 422
    assert (Note.objects.count(), Decision.objects.count()) == (0, 0)


def test_what_somebody_wrote_anew_meanwhile_is_not_written_over_unseen(page, nora):
    made = noted(nora)
    where = reverse("weekly:note", args=[made])
    stale = resent(page.get(where))
    with clock.at(company.NOW + timedelta(minutes=1)):
        page.post(where, {**stale, "words": "From one window"})
        answer = page.post(where, {**stale, "words": "From the other"})
        assert answer.status_code == 422
        assert "Somebody changed this note while you wrote" in text_of(answer)
        assert "From the other" in answer.content.decode()
        assert queries.note(made).words == "From one window"
        page.post(where, resent(answer))
    assert queries.note(made).words == "From the other"


def test_only_its_author_opens_a_note_to_change_it_and_managers_tidy_up(client, nora):
    made = noted(nora)
    change, remove = (reverse(f"weekly:{name}", args=[made]) for name in ("note", "remove_note"))
    for role, may_remove in ((Role.SALES, False), (Role.MANAGER, True), (Role.ADMIN, True)):
        client.force_login(member(role))
        assert client.get(change).status_code == 403
        assert f'"{change}"' not in client.get(address()).content.decode()
        assert (remove in client.get(address()).content.decode()) is may_remove
        assert (client.get(remove).status_code == 200) is may_remove
    assert "They want samples first" in text_of(client.get(remove))
    client.post(remove)
    assert Note.objects.count() == 0


def test_a_decision_is_done_opened_again_and_waits_on_later_weeks(page, nora):
    made = decided(nora, due_on=date(2026, 11, 12))
    assert "overdue" in text_of(page.get(address()))
    later = page.get(address(week=WEEK.after))
    assert "Still open from earlier weeks: 1" in text_of(later)
    assert "decided of week 46" in text_of(later)
    answer = page.post(reverse("weekly:done", args=[made]), follow=True)
    assert "“Send samples” is done." in toasts_of(answer)
    assert "Still open" not in text_of(page.get(address(week=WEEK.after)))
    page.post(reverse("weekly:reopen", args=[made]))
    assert queries.decision(made).is_open
    assert page.post(reverse("weekly:reopen", args=[made])).status_code == 409


def test_the_owner_finds_the_decision_in_the_tasks_and_the_way_back_to_the_meeting(client, page, nora):
    lars = member(Role.SALES, name="Lars Berg")
    page.post(
        address("add_decision"),
        {"key": str(uuid4()), "words": "Send samples", "owner": lars.id, "due_on": "2026-11-27"},
    )
    (step,) = steps.open_of([lars], now=clock.now()).rows
    client.force_login(lars)
    answer = client.get(reverse("tasks:change", args=[step.id]))
    assert "decided in the meeting about week 46" in text_of(answer)
    assert f"{address()}#decisions" in answer.content.decode()
    client.post(reverse("tasks:done", args=[step.id]))
    assert "done 20 Nov" in text_of(client.get(address()))


def test_a_decision_changes_hands_and_is_removed_with_its_step(page, nora):
    lars = member(Role.SALES, name="Lars Berg")
    made = decided(nora)
    where = reverse("weekly:decision", args=[made])
    form = resent(page.get(where))
    page.post(where, {**form, "owner": lars.id, "due_on": "2026-11-27"})
    shown = queries.decision(made)
    assert (shown.owner, shown.due_on) == ("Lars Berg", date(2026, 11, 27))
    answer = page.get(reverse("weekly:remove_decision", args=[made]))
    assert "The step in the tasks of Lars Berg is dropped with it." in text_of(answer)
    page.post(reverse("weekly:remove_decision", args=[made]))
    assert not steps.step(shown.task_id).is_open
    assert Decision.objects.count() == 0


def test_a_part_renews_itself_only_where_something_was_written(page, nora):
    ask = {"headers": {"HX-Request": "true", "Orchard-Mark": ""}}
    first = page.get(f"{address()}?part=notes", **ask)
    again = {"headers": {"HX-Request": "true", "Orchard-Mark": first["Orchard-Mark"]}}
    assert page.get(f"{address()}?part=notes", **again).status_code == 204
    noted(member(name="Mei Tanabe"), "From across the table")
    assert "From across the table" in text_of(page.get(f"{address()}?part=notes", **again))


def test_past_meetings_are_listed_with_what_is_open(page, nora):
    assert "No meeting was written down yet" in text_of(page.get(reverse("weekly:history")))
    noted(nora)
    decided(nora, week=WEEK.before)
    answer = text_of(page.get(reverse("weekly:history")))
    assert answer.index("Week 46") < answer.index("Week 45")
    assert "1 decision" in answer
    assert "1 open" in answer


def test_words_are_shown_and_never_run(page, nora):
    noted(nora, "<script>alert(1)</script>")
    decided(nora, "<img src=x onerror=alert(1)>")
    shown = page.get(address()).content.decode()
    assert "<script>alert(1)" not in shown
    assert "<img src=x" not in shown


def test_the_page_asks_little_however_much_was_written(page, nora):
    for number in range(30):
        noted(nora, f"Note {number}")
        decided(nora, f"Decision {number}", owner_id=nora.id, due_on=date(2026, 11, 27))
        decided(nora, f"Older {number}", week=WEEK.before)
    page.get(address())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page.get(address())
    assert len(asked) <= 25
