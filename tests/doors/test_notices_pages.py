"""What members are told, over the pages: the bell, the list, opening one, and the choice of mail."""

import pytest
from django.urls import reverse

from orchard.contacts import actions as contacts
from orchard.kit import clock
from orchard.opportunities import actions as opportunities
from orchard.opportunities.types import Fields
from orchard.tasks import actions, queries
from orchard.tasks.types import Mailing, What
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make.leads import team_named
from tests.make.members import member
from tests.make.posting import posted
from tests.make.reading import text_of, toasts_of
from tests.make.steps import NOW, meeting, step

pytestmark = pytest.mark.django_db

LIST, BELL, SEEN = reverse("notices:list"), reverse("notices:bell"), reverse("notices:see_all")


@pytest.fixture(autouse=True)
def wednesday():
    with clock.at(NOW):
        yield


@pytest.fixture
def rep(client):
    person = member(Role.SALES, name="Lars Berg", time_zone="Europe/Vienna")
    client.force_login(person)
    return person


def tell(person, kind, subject, contact_id=None):
    actions.notify(
        member_ids=[person.id],
        kind=kind,
        subject=subject,
        contact_id=contact_id,
        key=f"{kind}:{subject}",
        now=NOW,
    )


def test_with_nothing_to_tell_the_list_says_what_will_stand_there(client, rep):
    said = client.get(LIST)
    assert "No notices" in text_of(said)
    assert "You have seen them all." in text_of(said)
    assert 'aria-label="0 new notices"' in said.content.decode()


def test_notices_are_worded_when_they_are_read_with_the_names_of_now(client, rep):
    ada = contacts.create_contact(full_name="Ada Byron", now=NOW)
    tell(rep, "task.due", ("task", step(rep, title="Ask", contact_id=ada)), ada)
    tell(rep, "meeting.near", ("task", meeting(rep, title="Lunch", contact_id=ada)), ada)
    tell(rep, "tasks.given", ("member", member(name="Mei Tanabe").id))
    contacts.change_contact(contact_id=ada, values={"full_name": "Ada Lovelace"}, now=NOW, actor_id=rep.id)
    said = text_of(client.get(LIST))
    assert "3 are new" in said
    assert "A step is due: Ask Ada Lovelace" in said
    assert "A meeting of yours: Thu 26 Nov, 10:30, Lunch" in said
    assert "Steps of Mei Tanabe are yours now" in said


def test_a_notice_names_whom_it_is_about_once_and_not_at_all_who_is_with_a_colleague_by_now(client, rep):
    person = member(name="Petra Klein", team_id=team_named("South"))
    Member.objects.filter(id=rep.id).update(team_id=team_named("North"))
    ada, canary = (
        contacts.create_contact(full_name=name, now=NOW) for name in ("Ada Lovelace", "Canary Quill")
    )
    for each in (ada, canary):
        tell(rep, "lead.offered", ("lead", each), each)
    opportunities.open_by_hand(contact_id=canary, member_id=person.id, fields=Fields("Two lines"), now=NOW)
    said = text_of(client.get(LIST))
    assert said.count("Ada Lovelace") == 1
    assert "Offered to you: somebody who is with a colleague now" in said
    assert "With a colleague" not in said
    assert "Canary" not in said


def test_a_notice_leads_to_what_it_is_about_and_is_seen(client, rep):
    made = step(rep)
    tell(rep, "task.due", ("task", made))
    (row,) = queries.notices(rep.id).rows
    answer = client.post(reverse("notices:open", args=[row.id]))
    assert answer["Location"] == reverse("tasks:change", args=[made])
    assert queries.unseen_count(rep.id) == 0
    tell(rep, "tasks.given", ("member", rep.id))
    newest = queries.notices(rep.id).rows[0]
    assert client.post(reverse("notices:open", args=[newest.id]))["Location"] == reverse("tasks:list")


def test_a_colleague_s_notice_is_not_for_me(client, rep):
    mei = member()
    tell(mei, "task.due", ("task", step(mei)))
    (row,) = queries.notices(mei.id).rows
    assert client.post(reverse("notices:open", args=[row.id])).status_code == 403
    assert queries.unseen_count(mei.id) == 1


def test_the_bell_answers_only_when_something_is_new(client, rep):
    assert client.get(BELL, {"shown": "0"}).status_code == 204
    tell(rep, "task.due", ("task", step(rep)))
    answer = client.get(BELL, {"shown": "0"})
    assert 'aria-label="1 new notice"' in answer.content.decode()
    assert client.get(BELL, {"shown": "1"}).status_code == 204


def test_all_that_was_shown_is_seen_and_what_came_since_stays_new(client, rep):
    tell(rep, "task.due", ("task", step(rep)))
    newest = queries.notices(rep.id).rows[0].id
    tell(rep, "task.due", ("task", step(rep, what=What.MAIL)))
    answer = client.post(SEEN, {"upto": newest}, follow=True)
    assert "1 notice is marked as seen." in toasts_of(answer)
    assert queries.unseen_count(rep.id) == 1
    assert client.post(SEEN, {"upto": "all"}).status_code == 400


def test_a_long_list_of_notices_is_walked(client, rep):
    made = step(rep)
    for number in range(51):
        tell(rep, "task.due", ("task", made + number))
    first = client.get(LIST)
    cursor = first.context["page"].next
    assert len(first.context["page"].rows) == 50
    assert len(client.get(LIST, {"cursor": cursor}).context["page"].rows) == 1


def test_an_erased_contact_takes_the_notices_about_it_along(client, rep):
    ada = contacts.create_contact(full_name="Ada", now=NOW)
    tell(rep, "task.due", ("task", step(rep, contact_id=ada)), ada)
    contacts.erase_contact(contact_id=ada, now=NOW, actor_id=None)
    assert "No notices" in text_of(client.get(LIST))


def test_how_notices_come_by_mail_is_chosen_in_the_profile(client, rep):
    profile, choose = reverse("profile:show"), reverse("profile:notices")
    assert chosen(client.get(profile)) == ["hourly"]
    answer = client.post(choose, {"mailing": "none"}, follow=True)
    assert "Saved." in toasts_of(answer)
    assert queries.mailing_of(rep.id) is Mailing.NONE
    assert chosen(client.get(profile)) == ["none"]
    assert client.post(choose, {"mailing": "by pigeon"}).status_code == 400


def chosen(answer):
    return posted(answer.content.decode().partition('action="/me/notices"')[2], "")["mailing"]


def test_a_notice_of_midnight_shows_its_time(client, rep):
    with clock.at(NOW.replace(hour=0, minute=0)):
        actions.notify(
            member_ids=[rep.id],
            kind="task.due",
            subject=("task", step(rep, title="Ask")),
            key="midnight",
            now=clock.now(),
        )
    assert "01:00" in text_of(client.get(LIST))
