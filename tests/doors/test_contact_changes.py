"""What members change on contacts over the pages: added, edited, reached, agreed to, erased; and what is refused."""

import pytest
from django.urls import reverse

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.contacts import queries
from orchard.contacts.models import Account, Consent, Contact, ContactEmail
from orchard.contacts.types import Entity, FieldType, Gone
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.journal.models import Entry
from orchard.kit import clock
from orchard.leads import queries as leads
from orchard.team import actions as team
from orchard.team.types import Role
from tests.make import agreements
from tests.make.members import member
from tests.make.posting import form_of, resent
from tests.make.reading import text_of, toasts_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def rep(client):
    person = member(Role.SALES, name="Omar Rep")
    client.force_login(person)
    return person


def add(name="Ada Lovelace", **values):
    return contacts.create_contact(full_name=name, now=clock.now(), **values)


def declare(name, type_, **values):
    contacts.declare_custom_field(
        entity=Entity.CONTACT,
        name=name,
        label=name.title(),
        type=type_,
        now=clock.now(),
        actor_id=None,
        **values,
    )


def at(name, *arguments):
    return reverse(f"contacts:{name}", args=arguments)


def test_a_salesperson_adds_somebody_with_a_new_company(client, rep):
    declare("line", FieldType.CHOICE, choices=["K4", "K5"])
    answer = client.post(
        at("new"),
        {
            "full_name": "Ada Lovelace",
            "email": "Ada@Example.com",
            "phone": "+43 1 588580",
            "account": "Acme",
            "linkedin_slug": "linkedin.com/in/ada-l",
            "custom.line": "K5",
            "owner_id": str(rep.id),
        },
        follow=True,
    )
    assert "The contact is added." in toasts_of(answer)
    ada = Contact.objects.get()
    assert (ada.full_name, ada.account.name, ada.custom, ada.owner_id) == (
        "Ada Lovelace",
        "Acme",
        {"line": "K5"},
        rep.id,
    )
    assert Entry.objects.filter(action="contact.created", actor_id=rep.id).exists()


def test_a_company_that_is_known_in_another_spelling_is_not_made_twice(client, rep):
    contacts.create_account(name="Acme GmbH", now=clock.now())
    client.post(at("new"), {"full_name": "Ada", "account": "ACME"})
    assert Contact.objects.get().account.name == "Acme GmbH"
    contacts.create_account(name="Acme", now=clock.now())
    answer = client.post(at("new"), {"full_name": "Ben", "account": "Acme"})
    assert answer.status_code == 422
    assert "2 companies are called Acme." in text_of(answer)


def test_an_address_of_somebody_else_leads_to_them_and_nothing_is_stored(client, rep):
    ada = add(emails=["ada@example.com"])
    answer = client.post(at("new"), {"full_name": "Double", "email": "ADA@example.com", "account": "New Co"})
    assert answer.status_code == 422
    assert "belongs to another contact" in text_of(answer)
    assert at("show", ada) in answer.content.decode()
    assert 'value="Double"' in answer.content.decode()
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": "CEO"}, "nobody could find this contact again"),
        ({"full_name": "A", "email": "nonsense"}, "is no e-mail address"),
        ({"full_name": "A", "phone": "call me"}, "is no phone number"),
        ({"full_name": "A", "linkedin_slug": "https://example.com"}, "is no LinkedIn profile"),
        ({"full_name": "A" * 201}, "at most 200"),
        ({"full_name": "A", "owner_id": "999999"}, "Select a valid choice"),
        ({"full_name": "A\x00"}, "Null characters"),
    ],
)
def test_what_cannot_be_comes_back_with_a_sentence(client, rep, values, sentence):
    answer = client.post(at("new"), values)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Contact.objects.exists()


def test_an_edit_changes_what_was_changed_and_keeps_what_was_replaced(client, rep):
    declare("size", FieldType.NUMBER)
    declare("until", FieldType.DATE)
    ada = add(
        title="Buyer", city="Linz", seniority="vp", is_competitor=False,
        custom={"size": 12000, "until": "2027-03-01"},
    )  # fmt: skip
    url = at("edit", ada)
    answer = client.post(url, {**form_of(client, url), "title": "COO"}, follow=True)
    assert "The changes are kept." in toasts_of(answer)
    assert [each.field for each in queries.history(Entity.CONTACT, ada)] == ["title"]
    answer = client.post(url, form_of(client, url), follow=True)
    assert "Nothing was changed." in toasts_of(answer)
    assert Contact.objects.get().custom == {"size": 12000, "until": "2027-03-01"}


def test_what_a_choice_does_not_offer_any_more_stays_until_somebody_changes_it(client, rep):
    declare("line", FieldType.CHOICE, choices=["K4", "K5"])
    gone = member(Role.MARKETING, name="Left Us")
    ada = add(seniority="Grand Vizier", owner_id=gone.id, custom={"line": "K4"})
    declare("line", FieldType.CHOICE, choices=["K5"])
    team.switch_off(member_id=gone.id, actor_id=member(Role.ADMIN).id, now=clock.now())
    url = at("edit", ada)
    shown = client.get(url).content.decode()
    assert ">Left Us</option>" in shown
    assert client.post(url, {**form_of(client, url), "title": "COO"}).status_code == 302
    stands = Contact.objects.get(id=ada)
    assert (stands.title, stands.seniority, stands.owner_id, stands.custom) == (
        "COO",
        "Grand Vizier",
        gone.id,
        {"line": "K4"},
    )


def test_two_who_edit_at_once_do_not_write_over_each_other_unseen(client, rep):
    ada = add(title="Buyer")
    url = at("edit", ada)
    opened = form_of(client, url)
    contacts.change_contact(contact_id=ada, values={"city": "Linz"}, now=clock.now(), actor_id=None)
    answer = client.post(url, {**opened, "title": "COO"})
    assert answer.status_code == 422
    assert "Somebody changed this contact while you wrote." in text_of(answer)
    assert Contact.objects.get().city == "Linz"
    assert client.post(url, {**resent(answer), "city": "Graz"}).status_code == 302
    assert (Contact.objects.get().title, Contact.objects.get().city) == ("COO", "Graz")


def test_addresses_are_added_made_first_and_removed_after_being_asked(client, rep):
    ada = add(emails=["a@example.com"])
    client.post(at("add_email", ada), {"address": "b@example.com"})
    second = ContactEmail.objects.get(normal="b@example.com")
    answer = client.post(at("make_primary", second.id), follow=True)
    assert "Mail goes to b@example.com from now on." in toasts_of(answer)
    assert [each.normal for each in queries.contact(ada).emails] == ["b@example.com", "a@example.com"]
    remove = at("remove_email", second.id)
    assert "Remove b@example.com?" in text_of(client.get(remove))
    assert ContactEmail.objects.count() == 2
    answer = client.post(remove, follow=True)
    assert "b@example.com is gone." in toasts_of(answer)
    assert [(each.normal, each.is_primary) for each in queries.contact(ada).emails] == [
        ("a@example.com", True)
    ]
    assert client.post(remove).status_code == 404


def test_an_address_of_a_joined_record_can_be_made_the_first(client, rep):
    ada, double = add(emails=["a@example.com"]), add("A. L.", emails=["b@example.com"])
    contacts.merge(survivor_id=ada, loser_id=double, now=clock.now(), actor_id=None)
    client.post(at("make_primary", ContactEmail.objects.get(normal="b@example.com").id))
    assert queries.contact(ada).emails[0].normal == "b@example.com"


def test_numbers_and_ids_are_added_and_removed(client, rep):
    ada = add()
    client.post(at("add_phone", ada), {"number": "+43 1 588580", "label": "mobile"})
    client.post(at("add_external_id", ada), {"source": "crm", "value": "17"})
    page = queries.contact(ada)
    assert [(each.number, each.label) for each in page.phones] == [("+43 1 588580", "mobile")]
    assert [(each.source, each.value) for each in page.external_ids] == [("crm", "17")]
    client.post(at("remove_phone", page.phones[0].id))
    client.post(at("remove_external_id", page.external_ids[0].id))
    page = queries.contact(ada)
    assert (page.phones, page.external_ids) == ([], [])


def test_what_is_wrong_in_a_dialog_comes_back_in_the_dialog_filled_in(client, rep):
    add("Ben", emails=["taken@example.com"])
    ada = add()
    for typed, sentence in (
        ("nonsense", "is no e-mail address"),
        ("taken@example.com", "belongs to another contact"),
        ("", "This field is required"),
    ):
        answer = client.post(at("add_email", ada), {"address": typed}, headers=HTMX)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert "<main" not in answer.content.decode()
        assert f'value="{typed}"' in answer.content.decode() or not typed
    done = client.post(at("add_email", ada), {"address": "ada@example.com"}, headers=HTMX)
    assert done["HX-Redirect"] == at("show", ada)


def test_a_consent_is_noted_with_its_words_and_taken_back_with_its_source(client, rep):
    ada = add()
    client.post(
        at("give_consent", ada),
        {
            "purpose": "newsletter",
            "source": "form at the booth",
            "at": "2026-05-02T10:30",
            "wording_version": "2026-05",
            "wording": "Yes, write to me.",
        },
    )
    (standing,) = queries.contact(ada).consents
    assert (standing.word.granted, standing.word.wording_version, standing.word.member_id) == (
        True,
        "2026-05",
        rep.id,
    )
    assert queries.consents([ada], "newsletter") == {ada}
    back = f"{at('withdraw_consent', ada)}?purpose=newsletter"
    assert 'value="newsletter"' in client.get(back).content.decode()
    assert Consent.objects.count() == 1
    client.post(back, {"purpose": "newsletter", "source": "on the phone"})
    assert queries.consents([ada], "newsletter") == set()
    (standing,) = queries.contact(ada).consents
    assert (standing.word.source, len(standing.earlier)) == ("on the phone", 1)


def test_a_consent_without_source_or_from_the_future_is_refused(client, rep):
    ada = add()
    answer = client.post(at("give_consent", ada), {"purpose": "newsletter", "at": "2126-01-01T00:00"})
    assert answer.status_code == 422
    assert "This field is required" in text_of(answer)
    assert "This lies ahead." in text_of(answer)
    assert not Consent.objects.exists()


def test_an_erasure_asks_with_the_count_of_what_goes_and_then_it_is_gone(client):
    client.force_login(member(Role.MANAGER))
    agreements.in_force()
    ada = add(emails=["ada@example.com", "b@example.com"], phones=["+43 1 588580"], title="Buyer")
    contacts.change_contact(contact_id=ada, values={"title": "COO"}, now=clock.now(), actor_id=None)
    contacts.grant_consent(contact_id=ada, purpose="newsletter", source="form", now=clock.now())
    (fact,) = ledger.append([NewFact("quote.requested", clock.now(), contact_id=ada)], now=clock.now())
    ledger.keep_words([(fact, ada, "Two lines, please.")])
    ledger.drain(flow.CONSUMERS)
    assert leads.waiting_ids() == [ada]
    asked = text_of(client.get(at("erase", ada)))
    assert "2 fields, the name among them · 1 earlier value" in asked
    assert "2 e-mail addresses : ada@example.com, b@example.com" in asked.replace("addresses:", "addresses :")
    assert "1 word about consent" in asked
    assert "What was said on 1 occasion" in asked
    assert "facts without a name" in asked
    answer = client.post(at("erase", ada), follow=True)
    assert "The person is erased." in toasts_of(answer)
    with pytest.raises(Gone):
        queries.contact(ada)
    ledger.drain(flow.CONSUMERS)
    assert leads.waiting_ids() == []


def test_a_salesperson_cannot_erase(client, rep):
    assert client.post(at("erase", add())).status_code == 403
    assert Contact.objects.get().full_name
