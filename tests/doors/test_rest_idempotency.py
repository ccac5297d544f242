"""A call with an `Idempotency-Key` is done once, and answered alike however often it comes."""

from datetime import timedelta

import pytest
from django.db import connection

from orchard import flow
from orchard.api.models import Answer
from orchard.contacts import actions as contacts
from orchard.contacts.models import Contact, ContactEmail
from orchard.kit import clock
from tests.make.rest import System, token

pytestmark = pytest.mark.django_db

ANNA = {"full_name": "Anna Berg", "emails": ["anna.berg@example.com"]}


@pytest.fixture
def system():
    return System()


def problem(answer):
    return answer.json()["type"].rpartition(":")[2]


def test_the_same_call_again_is_answered_alike_and_does_nothing(system):
    first, again = (system.post("/contacts", ANNA, key="k") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first["Location"] == again["Location"]
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Contact.objects.count() == 1


def test_another_key_is_another_call(system):
    number = {"number": "+43 1 588580"}
    contact_id = system.post("/contacts", ANNA).json()["id"]
    assert system.post(f"/contacts/{contact_id}/phones", number, key="a").status_code == 201
    assert system.post(f"/contacts/{contact_id}/phones", number, key="b").status_code == 409


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/contacts", {**ANNA, "full_name": "Anna Berger"}),
        ("/contacts/{id}/emails", {"address": "other@example.com"}),
        ("/facts", {"facts": [{"contact": {"email": "anna.berg@example.com"}, "kind": "form.submitted"}]}),
    ],
)
def test_the_key_of_one_call_is_refused_for_another(system, path, body):
    made = system.post("/contacts", ANNA, key="k").json()["id"]
    answer = system.post(path.format(id=made), body, key="k")
    assert (answer.status_code, problem(answer)) == (422, "idempotency-key-reused")
    assert Contact.objects.get().full_name == "Anna Berg"
    assert ContactEmail.objects.count() == 1


def test_two_tokens_may_use_the_same_key(system):
    other = System(token())
    assert system.post("/contacts", {"full_name": "Anna"}, key="k").status_code == 201
    assert other.post("/contacts", {"full_name": "Berta"}, key="k").status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 256, "café", "a\tb"])
def test_a_call_without_a_key_is_refused_in_a_sentence(system, key):
    answer = system.post("/contacts", ANNA, key=key)
    assert (answer.status_code, problem(answer)) == (400, "idempotency-key-missing")
    assert "at most 255" in answer.json()["detail"]
    assert not Contact.objects.exists()
    assert system.post("/contacts", ANNA, key="k" * 255).status_code == 201


def test_what_the_work_was_refused_for_is_answered_again_even_where_it_would_go_now(system):
    taken = contacts.create_contact(emails=ANNA["emails"], now=clock.now())
    first = system.post("/contacts", ANNA, key="k")
    contacts.remove_email(email_id=ContactEmail.objects.get().id, now=clock.now(), actor_id=None)
    again = system.post("/contacts", ANNA, key="k")
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.content == again.content
    assert again["Content-Type"] == "application/problem+json"
    assert list(Contact.objects.values_list("id", flat=True)) == [taken]
    assert system.post("/contacts", ANNA, key="new").status_code == 201


def test_what_never_began_leaves_the_key_free(system):
    assert system.post("/contacts", {"nickname": "Ann"}, key="k").status_code == 422
    assert system.post("/contacts", b"{", key="k").status_code == 400
    assert System("none").post("/contacts", ANNA, key="k").status_code == 401
    assert system.post("/contacts", ANNA, key="k").status_code == 201


def test_nothing_of_key_or_body_stands_in_the_clear(system):
    system.post("/contacts", ANNA, key="anna.berg@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SELECT a::text FROM api_answer a")
        (row,) = cursor.fetchone()
    assert "berg" not in row.lower()


def test_an_answer_is_kept_for_a_day_and_forgotten_by_the_clock(system):
    forget = {each.name: each for each in flow.CLOCKWORK}["api.forget_answers"]
    now = clock.now()
    with clock.at(now):
        first = system.post("/contacts", ANNA, key="k")
    with clock.at(now + timedelta(hours=24)):
        assert forget.function(clock.now()) == 0
        assert system.post("/contacts", ANNA, key="k").content == first.content
    with clock.at(now + timedelta(hours=24, seconds=1)):
        assert forget.function(clock.now()) == 1
    assert forget.every <= 24 * 3600
    assert not Answer.objects.exists()


def test_a_call_repeated_after_the_person_was_erased_does_not_bring_them_back(system):
    made = system.post("/contacts", ANNA, key="k").json()["id"]
    refused = system.post("/contacts", ANNA, key="refused")
    other = system.post("/contacts", {"full_name": "Carl"}, key="other")
    assert b"anna.berg" in refused.content
    contacts.erase_contact(contact_id=made, now=clock.now(), actor_id=None)
    for key in ("k", "refused"):
        answer = system.post("/contacts", ANNA, key=key)
        assert (answer.status_code, problem(answer)) == (410, "answer-erased")
    assert not Contact.objects.filter(erased_at__isnull=True).exclude(full_name="Carl").exists()
    assert not Answer.objects.filter(body__icontains="berg").exists()
    assert system.post("/contacts", {"full_name": "Carl"}, key="other").content == other.content


def test_a_refusal_that_quotes_a_name_or_a_number_is_erased_with_the_person(system):
    made = contacts.create_contact(
        full_name="Zora Quill", phones=["+43 1 588580"], ids=[("shop", "K-77")], now=clock.now()
    )
    contacts.change_contact(
        contact_id=made, values={"linkedin_slug": "zoraq"}, now=clock.now(), actor_id=None
    )
    bodies = [
        {"full_name": "X", "external_ids": [{"source": "shop", "value": "K-77"}]},
        {"full_name": "X", "linkedin": "zoraq"},
        {"emails": ["Zora Quill"]},
        {"full_name": "X", "linkedin": "1 588 580 / ?"},
    ]
    for place, body in enumerate(bodies):
        assert system.post("/contacts", body, key=str(place)).status_code in {400, 409}
    contacts.erase_contact(contact_id=made, now=clock.now(), actor_id=None)
    assert [row.body for row in Answer.objects.all()] == [""] * len(bodies)
