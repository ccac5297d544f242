"""Contacts over REST: listed page by page, read whole, added, and changed only as they were seen."""

from datetime import UTC, datetime, timedelta

import pytest

from orchard.contacts import actions, queries
from orchard.contacts.models import Contact
from orchard.contacts.types import Entity, FieldType
from orchard.interactions.models import Interaction
from orchard.journal.models import Entry
from orchard.team.types import Role
from tests.make.members import member
from tests.make.rest import System, token

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def nora():
    return member(Role.MARKETING, name="Nora Lind")


@pytest.fixture
def system(nora):
    return System(token(acts_for=nora))


def person(name, **values):
    return actions.create_contact(full_name=name, now=NOW, **values)


def walked(system, query, *, meanwhile=lambda: None):
    """Follow a list to its end; return the ids, page by page."""
    pages, cursor = [], ""
    while True:
        page = system.get(f"/contacts?{query}&cursor={cursor}").json()
        pages.append([each["id"] for each in page["contacts"]])
        cursor = page["next"]
        if not cursor:
            return pages
        meanwhile()


@pytest.mark.parametrize("order", ["newest", "name"])
def test_a_list_is_walked_page_by_page_and_nobody_who_is_added_meanwhile_shifts_it(system, order):
    there = {person(f"Person {number:02}") for number in range(7)}
    pages = walked(system, f"limit=3&order={order}", meanwhile=lambda: (person("Aaron"), person("Zoe")))
    seen = [each for page in pages for each in page]
    assert there <= set(seen)
    assert len(seen) == len(set(seen)), "nobody comes twice"
    assert [len(page) for page in pages[:2]] == [3, 3]


def test_a_page_leads_back_to_the_one_before(system):
    ids = [person(f"Person {number}") for number in range(5)][::-1]
    first = system.get("/contacts?limit=2").json()
    second = system.get(f"/contacts?limit=2&cursor={first['next']}").json()
    back = system.get(f"/contacts?limit=2&cursor={second['previous']}").json()
    assert [each["id"] for each in second["contacts"]] == ids[2:4]
    assert back["contacts"] == first["contacts"]
    assert first["previous"] == ""


def test_a_list_is_narrowed_as_on_the_page(system, nora):
    acme = actions.create_account(name="Acme", now=NOW)
    anna = person("Anna Berg", emails=["anna@acme.example"], account_id=acme, owner_id=nora.id, country="AT")
    person("Berta Cole", country="DE")
    for query in (
        "search=anna",
        "search=ANNA@ac",
        "search=acme",
        f"account_id={acme}",
        f"owner_id={nora.id}",
        "country=AT",
    ):
        assert walked(system, query) == [[anna]], query
    (line,) = system.get("/contacts?search=anna").json()["contacts"]
    assert line["account"] == {"id": acme, "name": "Acme"}
    assert line["owner"] == {"id": nora.id, "name": "Nora Lind"}
    assert (line["email"], line["phone"]) == ("anna@acme.example", None)


def test_a_contact_is_added_by_the_action_of_the_page_in_the_name_of_the_member(system, nora):
    acme = actions.create_account(name="Acme", now=NOW)
    actions.declare_custom_field(
        entity=Entity.CONTACT, name="size", label="Size", type=FieldType.NUMBER, now=NOW, actor_id=None
    )
    given = {
        "full_name": "Anna Berg",
        "title": "Buyer",
        "seniority": "manager",
        "country": "AT",
        "linkedin": "https://www.linkedin.com/in/Anna-Berg/",
        "is_competitor": False,
        "account_id": acme,
        "owner_id": nora.id,
        "custom": {"size": 4.5},
        "emails": ["Anna@Acme.example", "berg@acme.example"],
        "phones": ["01 588580"],
        "external_ids": [{"source": "shop", "value": "K-1"}],
    }
    answer = system.post("/contacts", given)
    made = answer.json()["id"]
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/contacts/{made}")
    read = system.get(f"/contacts/{made}").json()
    assert read["emails"][0]["address"] == "Anna@Acme.example"
    assert [each["is_primary"] for each in read["emails"]] == [True, False]
    assert queries.contact(made).phones[0].normal == "+431588580"
    assert read["external_ids"] == given["external_ids"]
    assert (read["linkedin"], read["is_competitor"], read["custom"]) == ("anna-berg", False, {"size": 4.5})
    assert (read["account"]["id"], read["owner"]["id"]) == (acme, nora.id)
    (fact,) = Interaction.objects.filter(kind="contact.created")
    assert (fact.contact_id, fact.member_id, fact.bulk) == (made, nora.id, False)
    assert Entry.objects.get(action="contact.created").actor_id == nora.id


def test_nobody_is_added_by_whom_nobody_could_find_them_again(system):
    answer = system.post("/contacts", {"title": "Buyer"})
    assert (answer.status_code, answer.json()["detail"][:12]) == (400, "Give a name,")


def test_a_very_long_name_is_cut_and_no_letter_breaks_it(system):
    parts = {"first_name": "ß" * 120, "last_name": "ﷺ" * 120}
    made = system.post("/contacts", parts).json()["id"]
    assert len(system.get(f"/contacts/{made}").json()["full_name"]) == 200
    assert system.get("/contacts?search=ssss").json()["contacts"][0]["id"] == made


def test_an_id_that_was_joined_with_another_reads_as_that_one(system):
    anna, berta = person("Anna", emails=["a@example.com"]), person("Berta", emails=["b@example.com"])
    actions.merge(survivor_id=anna, loser_id=berta, now=NOW, actor_id=None)
    read = system.get(f"/contacts/{berta}").json()
    assert (read["id"], read["also_known_as"]) == (anna, [berta])
    assert {each["address"] for each in read["emails"]} == {"a@example.com", "b@example.com"}


def test_an_erased_contact_is_not_there(system):
    anna = person("Anna")
    actions.erase_contact(contact_id=anna, now=NOW, actor_id=None)
    assert system.get(f"/contacts/{anna}").status_code == 404
    assert system.patch(f"/contacts/{anna}", {"title": "x"}, if_match="*").status_code == 404
    assert system.get("/contacts").json()["contacts"] == []


def test_fields_are_set_emptied_and_left_alone(system, nora):
    anna = person("Anna Berg", title="Buyer", city="Graz", country="AT")
    tag = system.get(f"/contacts/{anna}")["ETag"]
    answer = system.patch(f"/contacts/{anna}", {"title": "Head of Purchasing", "city": None}, if_match=tag)
    assert (answer.status_code, sorted(answer.json()["changed"])) == (200, ["city", "title"])
    read = system.get(f"/contacts/{anna}")
    assert [read.json()[name] for name in ("title", "city", "country")] == ["Head of Purchasing", None, "AT"]
    assert read["ETag"] == answer["ETag"] != tag
    again = system.patch(f"/contacts/{anna}", {"title": "Head of Purchasing"}, if_match=answer["ETag"])
    assert again.json()["changed"] == []
    assert Entry.objects.get(action="contact.changed").actor_id == nora.id


def test_what_a_colleague_changed_meanwhile_is_not_written_over(system):
    anna = person("Anna Berg", title="Buyer")
    seen = system.get(f"/contacts/{anna}")["ETag"]
    actions.change_contact(
        contact_id=anna, values={"title": "Boss"}, now=NOW + timedelta(hours=1), actor_id=None
    )
    answer = system.patch(f"/contacts/{anna}", {"title": "Clerk"}, if_match=seen)
    assert (answer.status_code, answer.json()["type"]) == (412, "urn:orchard:problem:changed-meanwhile")
    assert answer["ETag"] == system.get(f"/contacts/{anna}")["ETag"]
    assert Contact.objects.get(id=anna).title == "Boss"
    assert system.patch(f"/contacts/{anna}", {"title": "Clerk"}, if_match=answer["ETag"]).status_code == 200


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        ("", 428),
        ("*", 200),
        ("nonsense", 412),
        ('"2026-11-02T09:30:00"', 412),
        ('W/"2026-11-02T09:30:00+00:00"', 412),
    ],
)
def test_a_change_says_what_it_saw(system, tag, status):
    anna = person("Anna Berg")
    headers = {"if_match": tag} if tag else {}
    assert system.patch(f"/contacts/{anna}", {"title": "Clerk"}, **headers).status_code == status


def test_own_fields_are_set_by_name_and_unknown_ones_refused(system):
    actions.declare_custom_field(
        entity=Entity.CONTACT, name="pet", label="Pet", type=FieldType.TEXT, now=NOW, actor_id=None
    )
    anna = person("Anna")
    assert system.patch(f"/contacts/{anna}", {"custom": {"pet": "cat"}}, if_match="*").status_code == 200
    assert system.get(f"/contacts/{anna}").json()["custom"] == {"pet": "cat"}
    answer = system.patch(f"/contacts/{anna}", {"custom": {"car": "red"}}, if_match="*")
    assert (answer.status_code, answer.json()["detail"][:24]) == (400, "There is no field “custo")


def test_addresses_numbers_and_ids_are_added(system):
    anna = person("Anna")
    for path, body in (
        ("emails", {"address": "anna@example.com"}),
        ("phones", {"number": "+43 1 588580", "label": "mobile"}),
        ("external-ids", {"source": "shop", "value": "K-1"}),
    ):
        assert system.post(f"/contacts/{anna}/{path}", body).status_code == 201
        assert system.post(f"/contacts/{anna}/{path}", body).status_code == 409
    read = system.get(f"/contacts/{anna}").json()
    assert read["emails"][0]["address"] == "anna@example.com"
    assert (read["phones"][0]["label"], read["external_ids"][0]["value"]) == ("mobile", "K-1")


def test_every_role_sees_all_contacts_as_on_the_pages():
    anna = person("Anna", owner_id=member(Role.SALES).id)
    for role in Role:
        system = System(token(role, scopes=["contacts:read"]))
        assert system.get(f"/contacts/{anna}").status_code == 200
