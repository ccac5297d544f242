"""Tokens for other systems on the pages of Manage: made with the secret shown once, listed, withdrawn."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from orchard.api.models import ApiToken
from orchard.journal.models import Entry
from orchard.kit import clock
from orchard.team import actions as team
from orchard.team.types import Role
from tests.make.members import member
from tests.make.reading import text_of, toasts_of
from tests.make.rest import System, token

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
LIST, ADD = reverse("tokens:list"), reverse("tokens:add")


@pytest.fixture(autouse=True)
def wednesday():
    with clock.at(NOW):
        yield


@pytest.fixture
def admin(client):
    client.force_login(member(Role.ADMIN, email="ada@orchard.example"))
    return client


def filled(**changes):
    return {"name": "Web forms", "member": "ada@orchard.example", "scopes": ["contacts:write"], **changes}


def secret_on(answer):
    return re.search(r'id="secret">(orchard_[^<]+)<', answer.content.decode())[1]


def test_before_the_first_token_the_page_says_what_one_is_for(admin):
    assert "No tokens yet" in text_of(admin.get(LIST))
    assert 'value="ada@orchard.example"' in admin.get(ADD).content.decode()


def test_a_token_is_shown_once_works_and_is_listed_without_its_secret(admin):
    made = admin.post(ADD, filled())
    assert made["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    secret = secret_on(made)
    assert f'data-copy="{secret}"' in made.content.decode()
    assert System(secret).get("/me").json()["scopes"] == ["contacts:write"]
    page = admin.get(LIST)
    assert secret not in page.content.decode()
    assert f"Web forms {secret[:16]}_… Nora Lind Admin contacts:write 25 Nov 2026, 09:30 works" in text_of(
        page
    )
    assert Entry.objects.get(action="api_token.added").actor_id == ApiToken.objects.get().created_by_id


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "This field is required"),
        ({"member": "nobody@orchard.example"}, "There is no member with the login nobody@orchard.example."),
        ({"scopes": []}, "This field is required"),
        ({"scopes": ["leads:eat"]}, "Select a valid choice"),
        ({"last_day": "2026-11-24"}, "Give a day from today on"),
        ({"last_day": "9999-12-31"}, "Give a day from today on"),
        (
            {"member": "sam@orchard.example", "scopes": ["facts:write"]},
            "The role of Sam does not reach facts:write",
        ),
    ],
)
def test_what_makes_no_sense_comes_back_with_a_sentence_and_what_was_written(admin, change, sentence):
    member(Role.SALES, email="sam@orchard.example", name="Sam")
    answer = admin.post(ADD, filled(**change))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert change.get("name", "Web forms") in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_token_works_up_to_the_end_of_its_last_day(admin):
    secret = secret_on(admin.post(ADD, filled(last_day="2026-11-26")))
    assert "until 27 Nov 2026, 00:00" in text_of(admin.get(LIST))
    with clock.at(datetime(2026, 11, 26, 23, 59, tzinfo=UTC)):
        assert System(secret).get("/me").status_code == 200
    with clock.at(datetime(2026, 11, 27, tzinfo=UTC)):
        assert System(secret).get("/me").status_code == 401
        assert "expired" in text_of(admin.get(LIST))


def test_a_token_is_withdrawn_after_a_question(admin):
    system, made = System(token()), ApiToken.objects.get()
    withdraw = reverse("tokens:withdraw", args=[made.id])
    assert withdraw in admin.get(LIST).content.decode()
    asked = text_of(admin.get(withdraw))
    assert "It was never used." in asked
    assert "cannot be taken back" in asked
    assert system.get("/me").status_code == 200
    assert "The token Web forms works no more." in toasts_of(admin.post(withdraw, follow=True))
    assert system.get("/me").status_code == 401
    page = admin.get(LIST)
    assert "withdrawn" in text_of(page)
    assert withdraw not in page.content.decode()
    admin.post(withdraw)
    assert Entry.objects.filter(action="api_token.withdrawn").count() == 1


def test_the_list_says_why_a_token_does_not_work(admin):
    sam, ada = member(Role.SALES, name="Sam"), member(Role.ADMIN)
    token(acts_for=sam, scopes=["contacts:read"])
    team.switch_off(member_id=sam.id, actor_id=ada.id, now=NOW)
    assert "member switched off" in text_of(admin.get(LIST))


def test_what_the_role_does_not_leave_is_not_listed(admin):
    ada, boss = member(Role.ADMIN), member(Role.ADMIN)
    token(acts_for=ada, scopes=["facts:write"], expires_at=NOW + timedelta(days=1))
    team.change_member(
        member_id=ada.id,
        email=ada.email,
        name=ada.name,
        place=member(Role.SALES).place,
        territory_id=None,
        takes=ada.takes,
        actor_id=boss.id,
        now=NOW,
    )
    assert "none that the role leaves" in text_of(admin.get(LIST))


def test_only_admins_find_the_way(client):
    client.force_login(member(Role.MANAGER))
    assert client.get(LIST).status_code == 403
    assert LIST not in client.get(reverse("members:list")).content.decode()
