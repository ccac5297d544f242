"""What members do with contacts and accounts: each change with its history, its fact and its line in the journal."""

from datetime import UTC, datetime, timedelta

import pytest

from orchard.contacts import actions, queries
from orchard.contacts.models import Contact, ContactEmail, CustomField, Doubt
from orchard.contacts.types import Clash, Entity, FieldType, Gone, Invalid
from orchard.interactions.models import Interaction
from orchard.journal.models import Entry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def create(**values):
    return actions.create_contact(now=NOW, actor_id=None, **values)


def change(contact_id, **values):
    return actions.change_contact(contact_id=contact_id, values=values, now=NOW, actor_id=None)


def test_a_contact_is_made_whole_and_told_once():
    anna = create(
        first_name="Anna", last_name="Lee", emails=["Anna@Example.com"], ids=[("crm", "1")], title=" Buyer "
    )
    page = queries.contact(anna)
    assert (page.contact.full_name, page.contact.title, page.contact.person_key) == (
        "Anna Lee",
        "Buyer",
        "anna lee",
    )
    assert page.emails[0].is_primary
    assert list(Interaction.objects.values_list("kind", "contact_id", "bulk")) == [
        ("contact.created", anna, False)
    ]
    assert Entry.objects.get().action == "contact.created"


def test_names_made_by_hand_hold_nothing_that_nobody_sees():
    anna = create(full_name="Anna\u202e Lee", title="\u200bBuyer\ufeff", emails=["\u200eanna@example.com"])
    change(anna, city="\u2067Graz\u2069")
    page = queries.contact(anna)
    assert (page.contact.full_name, page.contact.title, page.contact.city) == ("Anna Lee", "Buyer", "Graz")
    assert page.emails[0].address == "anna@example.com"
    acme = actions.create_account(name="Ac\u202eme", now=NOW)
    assert queries.account(acme).account.name == "Acme"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "nobody could find"),
        ({"full_name": "A", "emails": ["nonsense"]}, "no e-mail address"),
        ({"full_name": "A", "phones": ["call me"]}, "no phone number"),
        ({"full_name": "A" * 201}, "200 fit"),
        ({"full_name": "A", "shoe_size": 42}, "has no field"),
        ({"full_name": "A", "custom": {"shoe": 1}}, "Declare it first"),
        ({"full_name": "A", "linkedin_slug": "https://example.com"}, "no LinkedIn profile"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_stored(values, sentence):
    with pytest.raises(Invalid, match=sentence):
        create(**values)
    assert not Contact.objects.exists()


def test_an_address_of_somebody_else_is_refused_in_any_spelling():
    anna = create(full_name="Anna", emails=["anna@example.com"])
    bob = create(full_name="Bob")
    with pytest.raises(Clash, match="belongs to another contact"):
        actions.add_email(contact_id=bob, address=" ANNA@example.com", now=NOW, actor_id=None)
    assert queries.find_by_email("ANNA@EXAMPLE.COM") == anna


def test_a_profile_of_somebody_else_is_refused():
    create(full_name="Anna", linkedin_slug="https://www.linkedin.com/in/anna-lee/")
    bob = create(full_name="Bob")
    with pytest.raises(Clash):
        change(bob, linkedin_slug="linkedin.com/in/ANNA-LEE")


def test_a_change_keeps_the_old_value_names_no_value_in_the_ledger_and_repeats_nothing():
    anna = create(full_name="Anna Lee", title="Buyer")
    assert change(anna, title="CEO", country=None) == ["title"]
    assert change(anna, title="CEO") == []
    (old,) = queries.history(Entity.CONTACT, anna)
    assert (old.field, old.value) == ("title", "Buyer")
    assert Interaction.objects.filter(kind="contact.changed").count() == 1


def test_a_new_last_name_makes_a_new_full_name():
    anna = create(first_name="Anna", last_name="Lee")
    change(anna, last_name="Moor")
    assert queries.contact(anna).contact.full_name == "Anna Moor"


def test_removing_the_primary_address_makes_another_one_primary():
    anna = create(full_name="Anna", emails=["a@example.com", "b@example.com"])
    actions.remove_email(email_id=queries.contact(anna).emails[0].id, now=NOW, actor_id=None)
    assert [(each.normal, each.is_primary) for each in ContactEmail.objects.all()] == [
        ("b@example.com", True)
    ]


def test_a_phone_that_another_has_goes_to_the_review_list():
    create(full_name="Anna", phones=["+43 1 588580"])
    bob = create(full_name="Bob", country="AT")
    actions.add_phone(contact_id=bob, number="01 588580", now=NOW, actor_id=None)
    assert Doubt.objects.get().reasons == ["phone"]
    (listed,) = queries.doubts().rows
    assert {listed.first.full_name, listed.second.full_name} == {"Anna", "Bob"}


def test_own_fields_hold_what_their_type_allows():
    actions.declare_custom_field(
        entity=Entity.CONTACT,
        name="size",
        label="Size",
        type=FieldType.CHOICE,
        choices=["S", "L"],
        now=NOW,
        actor_id=None,
    )
    anna = create(full_name="Anna", custom={"size": "S"})
    with pytest.raises(Invalid, match="one of S, L"):
        change(anna, **{"custom.size": "XXL"})
    assert change(anna, **{"custom.size": None}) == ["custom.size"]
    assert queries.contact(anna).contact.custom == {}
    (field,) = queries.catalogue_fields()
    assert (field.name, field.json_key, field.choices) == (
        "contact.custom.size",
        "size",
        (("S", "S"), ("L", "L")),
    )


def test_a_declared_field_keeps_its_type_and_comes_back_after_archiving():
    def declare(sort):
        return actions.declare_custom_field(
            entity=Entity.CONTACT, name="size", label="Size", type=sort, now=NOW, actor_id=None
        )

    field = declare(FieldType.NUMBER)
    actions.archive_custom_field(field_id=field, now=NOW, actor_id=None)
    assert queries.custom_fields() == []
    with pytest.raises(Invalid, match="type number"):
        declare(FieldType.TEXT)
    assert declare(FieldType.NUMBER) == field
    assert CustomField.objects.get().archived_at is None


def test_companies_form_a_tree_without_circles():
    top, middle, low = (actions.create_account(name=name, now=NOW) for name in ("Top AG", "Middle", "Low"))
    for account, parent in ((middle, top), (low, middle)):
        actions.change_account(account_id=account, values={"parent_id": parent}, now=NOW, actor_id=None)
    with pytest.raises(Invalid, match="cannot be its parent"):
        actions.change_account(account_id=top, values={"parent_id": low}, now=NOW, actor_id=None)
    page = queries.account(top)
    assert [each.name for each in page.children] == ["Middle"]


def test_an_account_has_sites_ids_and_people():
    acme = actions.create_account(name="Acme", domain="https://www.acme.at/", ids=[("erp", "1")], now=NOW)
    actions.add_site(account_id=acme, name="Plant", city="Linz", now=NOW, actor_id=None)
    with pytest.raises(Clash):
        actions.add_site(account_id=acme, name="Plant", now=NOW, actor_id=None)
    with pytest.raises(Clash):
        actions.add_account_id(
            account_id=actions.create_account(name="Beta", now=NOW),
            source="erp",
            value="1",
            now=NOW,
            actor_id=None,
        )
    anna = create(full_name="Anna")
    actions.move_to_account(contact_id=anna, account_id=acme, now=NOW, actor_id=None)
    page = queries.account(acme)
    assert (page.account.domain, page.sites[0].city) == ("acme.at", "Linz")


def test_a_company_is_removed_once_nobody_belongs_to_it_not_even_a_joined_record():
    acme = actions.create_account(name="Acme", ids=[("erp", "1")], now=NOW)
    daughter = actions.create_account(name="Daughter", parent_id=acme, now=NOW)
    anna, double = create(full_name="Anna", account_id=acme), create(full_name="A.", account_id=acme)
    merged = actions.merge(survivor_id=anna, loser_id=double, now=NOW, actor_id=None)

    def remove():
        return actions.remove_account(account_id=acme, now=NOW, actor_id=None)

    with pytest.raises(Clash, match="2 contacts belong to this company"):
        remove()
    actions.move_to_account(contact_id=anna, account_id=None, now=NOW, actor_id=None)
    with pytest.raises(Clash, match="1 contact belongs to this company"):
        remove()
    actions.unmerge(merge_id=merged, now=NOW, actor_id=None)
    actions.move_to_account(contact_id=double, account_id=None, now=NOW, actor_id=None)
    with pytest.raises(Clash, match="Other companies belong to this one"):
        remove()
    actions.change_account(account_id=daughter, values={"parent_id": None}, now=NOW, actor_id=None)
    assert remove() == "Acme"
    with pytest.raises(Gone):
        queries.account(acme)
    assert Entry.objects.filter(action="account.removed", subject_id=acme).count() == 1


def test_an_id_elsewhere_is_free_again_once_it_is_forgotten():
    acme = actions.create_account(name="Acme", ids=[("erp", "1")], now=NOW)
    (noted,) = queries.account(acme).external_ids
    assert queries.account_of_id(noted.id) == acme
    actions.remove_account_id(external_id=noted.id, now=NOW, actor_id=None)
    with pytest.raises(Gone):
        actions.remove_account_id(external_id=noted.id, now=NOW, actor_id=None)
    with pytest.raises(Gone):
        queries.account_of_id(noted.id)
    actions.create_account(name="Beta", ids=[("erp", "1")], now=NOW)


def test_the_last_word_on_consent_holds_and_all_words_stay():
    anna = create(full_name="Anna")
    for days, act in enumerate((actions.grant_consent, actions.withdraw_consent, actions.grant_consent)):
        act(contact_id=anna, purpose="newsletter", source="form", now=NOW, at=NOW + timedelta(days=days))
        assert queries.consents([anna], "newsletter") == ({anna} if act is actions.grant_consent else set())
    assert Interaction.objects.filter(kind__startswith="consent.").count() == 3
    assert queries.consents([anna], "tracking") == set()


def test_lists_are_walked_page_by_page_both_ways():
    made = [create(full_name=f"Person {n:02}") for n in range(7)]
    first = queries.contacts(size=3)
    second = queries.contacts(size=3, cursor=first.next)
    third = queries.contacts(size=3, cursor=second.next)
    assert [row.id for page in (first, second, third) for row in page.rows] == made[::-1]
    assert not third.next
    assert [row.id for row in queries.contacts(size=3, cursor=third.previous).rows] == [
        row.id for row in second.rows
    ]


def test_people_are_found_by_the_beginning_of_name_or_address():
    anna = create(full_name="Ánna Lee", emails=["al@example.com"])
    bob = create(full_name="Bob 100%", emails=["bob@example.com"])
    assert [row.id for row in queries.contacts(search="anna l").rows] == [anna]
    assert [row.id for row in queries.contacts(search="BOB@ex").rows] == [bob]
    assert queries.contacts(search="%").rows == []
    assert queries.count_contacts(search="al@").number == 1
    company = actions.create_account(name="Kelp Foods GmbH", now=NOW, actor_id=None)
    jon = create(first_name="Jon", last_name="Petersen", account_id=company)
    assert [row.id for row in queries.contacts(search="Peters").rows] == [jon]
    assert [row.id for row in queries.contacts(search="kelp").rows] == [jon]


def test_nobody_is_found_where_nobody_is():
    with pytest.raises(Gone):
        queries.contact(987_654)
    with pytest.raises(Gone):
        change(987_654, title="CEO")
