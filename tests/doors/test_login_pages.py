"""Stories of the pages around the team: inviting, coming in, changing, switching off, and one's own profile."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from orchard.journal.models import Entry
from orchard.kit import clock
from orchard.team import queries
from orchard.team.models import Invitation, Member
from orchard.team.types import Role
from tests.make.members import PASSWORD, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    person = member(Role.ADMIN, name="Ada Root")
    client.force_login(person)
    return person


def said(answer) -> str:
    return answer.content.decode()


def invite(client, email="ann@company.example", **more):
    return client.post(
        reverse("members:invite"), {"email": email, "role": "sales", "signs_for": ["sales"], **more}
    )


def link_in(answer) -> str:
    return re.search(r"http://testserver(/invitation/[\w-]+)", said(answer)).group(1)


def test_an_invited_person_comes_in_by_the_link_and_is_signed_in(client, admin):
    link = link_in(invite(client, name="Ann Berg"))
    assert "ann@company.example" in said(client.get(reverse("members:list")))
    guest = Client()
    page = said(guest.get(link))
    assert 'value="Ann Berg"' in page
    assert "ann@company.example" in page
    weak = guest.post(link, {"name": "Ann Berg", "password": "apple"})
    assert "too short" in said(weak)
    assert guest.post(link, {"name": "Ann Berg", "password": PASSWORD})["Location"] == "/"
    profile = said(guest.get(reverse("profile:show")))
    assert "signs for Sales" in profile
    assert "Where I am signed in" in profile
    used = Client().get(link)
    assert used.status_code == 404
    assert "Ask the person who invited you for a new link" in said(used)


def test_the_page_says_that_a_mail_is_on_its_way_only_where_a_server_is_set(client, admin, settings):
    assert "No mail server is set: give the link yourself." in said(invite(client))
    settings.EMAIL_HOST = "mail.company.example"
    assert "The link is on its way by e-mail." in said(invite(client, "ben@company.example"))


def test_the_link_is_shown_once_and_can_be_renewed_or_withdrawn(client, admin):
    first = link_in(invite(client))
    assert "/invitation/" not in said(client.get(reverse("members:list")))
    invitation = Invitation.objects.get()
    second = link_in(client.post(reverse("members:renew_invitation", args=[invitation.id])))
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    client.post(reverse("members:withdraw_invitation", args=[invitation.id]))
    assert Client().get(second).status_code == 404


def test_an_invitation_that_cannot_be_is_refused_beside_the_field(client, admin):
    invite(client)
    again = invite(client)
    assert "has an open invitation" in str(again.context["form"].errors["email"])
    assert "email" in invite(client, email="ann at company").context["form"].errors
    assert "is a member already" in said(invite(client, email=admin.email))


def test_somebody_signed_in_who_opens_an_invitation_is_told_and_changes_person(client, admin):
    link = link_in(invite(client))
    assert "Ada Root is signed out on this device" in said(client.get(link))
    client.post(link, {"name": "Ann", "password": PASSWORD})
    assert client.get(reverse("profile:show")).wsgi_request.user.name == "Ann"


def test_an_admin_changes_a_member_and_puts_him_into_a_team(client, admin):
    person = member(name="Max Berg")
    client.post(reverse("teams:add"), {"name": "North"})
    team = queries.teams()[0]
    where = reverse("members:change", args=[person.id])
    assert "Max Berg" in said(client.get(where))
    form = {
        "name": "Max Lind",
        "email": person.email,
        "role": "manager",
        "team": team.id,
        "capacity": 5,
        "weight": 2,
    }
    assert client.post(where, form)["Location"] == reverse("members:list")
    person.refresh_from_db()
    assert (person.name, person.role, person.team_id) == ("Max Lind", "manager", team.id)
    assert (person.capacity, person.weight) == (5, 2)
    page = said(client.get(reverse("members:list"), {"team": team.id}))
    assert "Max Lind" in page
    assert "1 member" in page
    assert "Ada Root" not in page.partition("<table")[2]


def test_the_last_admin_is_told_why_the_role_stays(client, admin):
    where = reverse("members:change", args=[admin.id])
    form = {"name": admin.name, "email": admin.email, "role": "sales", "capacity": 5, "weight": 1}
    answer = client.post(where, form)
    assert "Ada Root is the last admin" in said(answer)
    assert "Switch off" not in said(client.get(where))


def test_switching_off_asks_first_and_can_be_undone(client, admin):
    person = member(name="Max Berg", password=PASSWORD)
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    where = reverse("members:switch_off", args=[person.id])
    assert "Signed in on 1 device" in said(client.get(where))
    assert Member.objects.get(id=person.id).is_active
    page = said(client.post(where, follow=True))
    assert "Max Berg is switched off." in page
    assert reverse("members:switch_on", args=[person.id]) in page
    assert theirs.get("/")["Location"] == "/login?next=/"
    assert "Nobody like this" in said(client.get(reverse("members:list"), {"words": "max", "state": "on"}))
    client.post(reverse("members:switch_on", args=[person.id]))
    assert Member.objects.get(id=person.id).is_active


def test_an_admin_signs_a_member_out_everywhere_and_stays_in_himself(client, admin):
    person = member(password=PASSWORD)
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    page = said(client.post(reverse("members:sign_out", args=[person.id]), follow=True))
    assert "is signed out on 1 device" in page
    assert theirs.get("/").status_code == 302
    client.post(reverse("members:sign_out", args=[admin.id]))
    assert client.get(reverse("members:list")).status_code == 200


def test_a_manager_sees_members_but_finds_nothing_to_change(client):
    client.force_login(member(Role.MANAGER))
    person = member(name="Max Berg")
    page = said(client.get(reverse("members:list")))
    assert "Max Berg" in page
    assert "Invite" not in page
    assert reverse("members:change", args=[person.id]) not in page
    assert "Make a team" not in said(client.get(reverse("teams:list")))


def test_a_role_that_may_not_open_a_page_is_told_who_can_help(client):
    client.force_login(member(Role.SALES))
    answer = client.get(reverse("members:list"))
    assert answer.status_code == 403
    assert "Ask an admin if you need it" in said(answer)


def test_a_team_is_renamed_and_removed_after_a_question(client, admin):
    client.post(reverse("teams:add"), {"name": "North America"})
    (team,) = queries.teams()
    member(team_id=team.id)
    assert "north_america" in said(client.get(reverse("teams:list")))
    client.post(reverse("teams:change", args=[team.id]), {"name": "Americas"})
    question = said(client.get(reverse("teams:remove", args=[team.id])))
    assert "1 active member is then in no team" in question
    assert "Americas is no team any more." in said(
        client.post(reverse("teams:remove", args=[team.id]), follow=True)
    )
    assert "No teams yet" in said(client.get(reverse("teams:list")))


def test_times_are_shown_in_the_member_s_own_zone(client, admin):
    with clock.at(clock.now().replace(year=2030, month=7, day=1, hour=23, minute=30)):
        invite(client)
    assert "8 Jul, 23:30" in said(client.get(reverse("members:list")))
    form = {"name": "Ada Root", "time_zone": "Asia/Tokyo", "theme": "dark"}
    saved = client.post(reverse("profile:show"), form)
    assert saved.cookies["orchard_theme"].value == "dark"
    assert "9 Jul, 08:30" in said(client.get(reverse("members:list")))


def test_the_profile_says_what_is_wrong_with_an_entry(client, admin):
    answer = client.post(reverse("profile:show"), {"name": " ", "time_zone": "Mars/Base", "theme": "dark"})
    assert answer.context["form"].errors.keys() == {"name", "time_zone"}


def test_a_changed_password_keeps_this_device_signed_in_and_listed():
    person = member(password=PASSWORD)
    here, there = Client(), Client()
    for each in (here, there):
        each.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    wrong = here.post(reverse("profile:password"), {"old": "wrong", "new": "pears are not apples"})
    assert "not your present password" in said(wrong)
    here.post(reverse("profile:password"), {"old": PASSWORD, "new": "pears are not apples"})
    assert there.get("/").status_code == 302
    (session,) = here.get(reverse("profile:show")).context["sessions"]
    assert session.current


def test_signing_out_everywhere_else_leaves_one_device():
    person = member(password=PASSWORD)
    here, there = Client(), Client()
    for each in (here, there):
        each.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert len(here.get(reverse("profile:show")).context["sessions"]) == 2
    page = said(here.post(reverse("profile:sign_out_elsewhere"), follow=True))
    assert "Signed out on 1 other device." in page
    assert there.get("/")["Location"].startswith("/login")


def test_looking_at_these_pages_writes_nothing_into_the_audit_book(client, admin):
    before = Entry.objects.count()
    for name in ("members:list", "members:invite", "teams:list", "profile:show", "health:show"):
        assert client.get(reverse(name)).status_code == 200
    assert Entry.objects.count() == before


def test_a_broken_link_into_the_list_says_so(client, admin):
    answer = client.get(reverse("members:list"), {"cursor": "nonsense"})
    assert answer.status_code == 400
    assert "Open the list anew" in said(answer)


@pytest.mark.parametrize("words", ["'; DROP TABLE member; --", "%", "\\", "<script>alert(1)</script>"])
def test_any_words_may_be_searched_for(client, admin, words):
    page = said(client.get(reverse("members:list"), {"words": words, "role": "king", "team": "x"}))
    assert "<script>alert" not in page


def test_everybody_comes_from_the_start_to_a_page_that_opens(client):
    for role in Role:
        client.force_login(member(role))
        assert client.get("/", follow=True).status_code == 200
