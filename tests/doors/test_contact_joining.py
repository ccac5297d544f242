"""Two records that are one person, over the pages: found, looked at, joined, parted; and the review list."""

import pytest
from django.urls import reverse

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.contacts import queries
from orchard.contacts.models import Doubt, Merge
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.team.types import Role
from tests.make.members import member
from tests.make.reading import text_of, toasts_of

pytestmark = pytest.mark.django_db

DOUBTS = reverse("contacts:doubts")


@pytest.fixture(autouse=True)
def rep(client):
    person = member(Role.SALES, name="Omar Rep")
    client.force_login(person)
    return person


def add(name, **values):
    return contacts.create_contact(full_name=name, now=clock.now(), **values)


def at(name, *arguments):
    return reverse(f"contacts:{name}", args=arguments)


def pair():
    add("Ada Lovelace", phones=["+43 1 588580"], title="Buyer")
    add("A. Lovelace", phones=["+43 1 588580"], city="Linz")
    return Doubt.objects.get()


def test_the_other_record_is_found_by_its_name_and_oneself_is_not_offered(client):
    ada, other = add("Ada Lovelace"), add("Ada L.", emails=["al@example.com"])
    page = client.get(at("merge", ada)).content.decode()
    assert f"?with={other}" in page
    assert f"?with={ada}" not in page
    assert f"?with={other}" in client.get(at("merge", ada), {"words": "al@"}).content.decode()
    assert "Nobody like this" in text_of(client.get(at("merge", ada), {"words": "zz"}))


def test_what_joining_would_do_is_shown_before_it_is_done(client):
    ada, other = add("Ada Lovelace", title="Buyer"), add("A. Lovelace", title="COO", city="Linz")
    ledger.drain(flow.CONSUMERS)
    said = text_of(client.get(at("merge", ada), {"with": other}))
    assert "Filled in, because it was empty City Linz" in said
    assert "Title Buyer COO" in said
    assert "Its 1 fact joins the one timeline" in said
    assert not Merge.objects.exists()


def test_two_are_joined_and_parted_again_from_the_corner_and_from_the_page(client):
    ada, other = add("Ada Lovelace"), add("A. Lovelace", city="Linz")
    for undone_on in ("the corner", "the page"):
        answer = client.post(at("merge", ada), {"with": other}, follow=True)
        assert "The two are one contact now." in toasts_of(answer)
        assert queries.living_id(other) == ada
        undo = at("unmerge", Merge.objects.latest("id").id)
        corner, whole = answer.content.decode().partition('id="toasts"')[2], answer.content.decode()
        assert f'action="{undo}"' in (corner if undone_on == "the corner" else whole.partition("<main")[2])
        answer = client.post(undo, follow=True)
        assert "They are two contacts again, as before." in toasts_of(answer)
        assert queries.living_id(other) == other
        assert queries.contact(ada).contact.city is None


def test_what_was_changed_since_stays_and_is_named(client):
    ada, other = add("Ada Lovelace"), add("A. Lovelace", city="Linz")
    client.post(at("merge", ada), {"with": other})
    contacts.change_contact(contact_id=ada, values={"city": "Graz"}, now=clock.now(), actor_id=None)
    answer = client.post(at("unmerge", Merge.objects.get().id), follow=True)
    assert "Fields that were changed since stayed: city." in toasts_of(answer)


def test_one_cannot_be_joined_with_oneself_or_with_nobody(client):
    ada = add("Ada Lovelace")
    for asked in (client.get(at("merge", ada), {"with": ada}), client.post(at("merge", ada), {"with": ada})):
        assert asked.status_code == 400
        assert "These two are one contact already." in text_of(asked)
    assert client.get(at("merge", ada), {"with": 987_654}).status_code == 404
    assert "Choose the record" in text_of(client.post(at("merge", ada)))


def test_an_undo_that_comes_twice_says_that_it_is_done(client):
    client.post(at("merge", add("Ada")), {"with": add("Ben")})
    undo = at("unmerge", Merge.objects.get().id)
    client.post(undo)
    answer = client.post(undo)
    assert answer.status_code == 404
    assert "This merge is not there any more" in text_of(answer)


def test_an_empty_review_list_says_what_will_stand_there(client):
    assert "No doubts" in text_of(client.get(DOUBTS))


def test_a_pair_of_the_review_list_is_one_person(client):
    doubt = pair()
    said = text_of(client.get(DOUBTS))
    assert "1 pair shares a name and a company, or a phone." in said
    assert "The same phone" in said
    answer = client.post(at("decide", doubt.id), {"answer": "one"}, follow=True)
    assert "The two are one contact now." in toasts_of(answer)
    assert queries.living_id(doubt.second_id) == doubt.first_id
    assert "No doubts" in text_of(answer)


def test_a_pair_is_two_people_until_somebody_takes_that_back(client):
    doubt = pair()
    answer = client.post(at("decide", doubt.id), {"answer": "two"}, follow=True)
    assert "They stay two people; nobody will ask again." in toasts_of(answer)
    assert queries.open_doubts() == 0
    assert f'action="{at("reopen", doubt.id)}"' in answer.content.decode()
    client.post(at("reopen", doubt.id))
    assert queries.open_doubts() == 1
    assert client.post(at("reopen", doubt.id)).status_code == 404


def test_no_answer_is_no_answer_and_the_second_to_decide_is_told(client):
    doubt = pair()
    assert client.post(at("decide", doubt.id)).status_code == 400
    client.post(at("decide", doubt.id), {"answer": "two"})
    answer = client.post(at("decide", doubt.id), {"answer": "one"})
    assert answer.status_code == 409
    assert "Somebody else decided about this pair already." in text_of(answer)
