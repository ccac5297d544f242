"""The way in and out, over Django's client."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from orchard.kit import clock
from orchard.outbox.models import Message
from orchard.team import actions
from orchard.team.types import Role
from tests.make.members import PASSWORD, member

pytestmark = pytest.mark.django_db


def sign_in(client, email, password, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def test_a_member_signs_in_by_email_and_password_and_comes_to_the_first_desk():
    person, client = member(Role.ADMIN, password=PASSWORD), Client()
    answer = sign_in(client, person.email.upper(), PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 302
    person.refresh_from_db()
    assert person.last_login


def test_a_stranger_is_led_to_the_login_and_back_to_where_he_wanted():
    person, client = member(Role.ADMIN, password=PASSWORD), Client()
    answer = client.get(reverse("members:list"))
    assert answer["Location"] == "/login?next=/manage/members/"
    page = client.get(answer["Location"]).content.decode()
    assert 'name="next" value="/manage/members/"' in page
    assert sign_in(client, person.email, PASSWORD, next="/manage/members/")["Location"] == "/manage/members/"
    assert sign_in(Client(), person.email, PASSWORD, next="https://evil.example/")["Location"] == "/"


def test_a_machine_that_asks_whether_we_live_costs_no_query(django_assert_num_queries):
    client = Client()
    client.force_login(member())
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_a_fragment_asked_for_by_a_stranger_leads_the_whole_page_to_the_login():
    answer = Client().get(reverse("members:list"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/login")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer():
    person = member(password=PASSWORD)
    wrong = sign_in(Client(), person.email, "not this one")
    unknown = sign_in(Client(), "nobody@orchard.example", "not this one")
    assert wrong.status_code == unknown.status_code == 200
    assert str(wrong.context["form"].errors) == str(unknown.context["form"].errors)
    assert "not correct" in wrong.content.decode()


def test_guessing_is_stopped_after_five_wrong_passwords_even_with_the_right_one():
    person, client = member(password=PASSWORD), Client()
    for _ in range(5):
        sign_in(client, person.email, "not this one")
    assert "Too many failed login attempts" in sign_in(client, person.email, PASSWORD).content.decode()


def test_a_member_who_is_switched_off_is_told_so_only_with_the_right_password():
    admin, person = member(Role.ADMIN), member(password=PASSWORD)
    actions.switch_off(member_id=person.id, actor_id=admin.id, now=clock.now())
    assert sign_in(Client(), person.email, PASSWORD)["Location"] == reverse("account_inactive")
    assert "not correct" in sign_in(Client(), person.email, "wrong").content.decode()


def test_signing_out_needs_a_post():
    client = Client()
    client.force_login(member())
    assert client.get(reverse("account_logout")).status_code == 405
    assert client.post(reverse("account_logout"))["Location"] == "/login"
    assert client.get("/")["Location"] == "/login?next=/"


def reset_link(email):
    Client().post(reverse("account_reset_password"), {"email": email})
    mail = Message.objects.get(recipient=email, state="waiting", unique_key__startswith="password_reset_key:")
    return re.search(r"http://testserver(\S+)", mail.payload["text"]).group(1)


def test_a_forgotten_password_is_replaced_by_the_link_in_the_outbox():
    person = member(password=PASSWORD)
    other_device = Client()
    sign_in(other_device, person.email, PASSWORD)
    client = Client()
    form = client.get(reset_link(person.email), follow=True)
    action = form.context["action_url"]
    assert client.post(action, {"password1": "12345"}).context["form"].errors
    assert client.post(action, {"password1": "pears are not apples"})["Location"] == "/password/done"
    assert client.get("/password/done").status_code == 200
    assert other_device.get(reverse("profile:show")).status_code == 302
    assert sign_in(Client(), person.email, "pears are not apples").status_code == 302
    assert "not correct" in sign_in(Client(), person.email, PASSWORD).content.decode()
    assert "works no more" in client.get(action).content.decode()
    assert not EmailAddress.objects.exists()


def test_a_reset_for_nobody_looks_the_same_and_sends_nothing():
    known = member(password=PASSWORD)
    answers = [
        Client().post(reverse("account_reset_password"), {"email": email})
        for email in (known.email, "nobody@orchard.example")
    ]
    assert {answer["Location"] for answer in answers} == {"/password/sent"}
    assert not Message.objects.filter(recipient="nobody@orchard.example").exists()


def test_nobody_can_sign_up():
    assert Client().get("/signup/").status_code == 404


def test_the_member_s_theme_comes_along_to_a_new_device():
    person = member(password=PASSWORD)
    actions.change_profile(
        member_id=person.id, name=person.name, time_zone="UTC", theme="dark", language="", now=clock.now()
    )
    assert sign_in(Client(), person.email, PASSWORD).cookies["orchard_theme"].value == "dark"
    known = Client()
    known.cookies["orchard_theme"] = "light"
    assert "orchard_theme" not in sign_in(known, person.email, PASSWORD).cookies
