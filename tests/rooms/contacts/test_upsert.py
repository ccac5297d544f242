"""Thousands of rows at once: each finds its person, nobody's data is overwritten by another's row."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchard.contacts import actions, queries
from orchard.contacts.models import Account, Contact, ContactEmail, Doubt, ExternalId, FieldHistory
from orchard.contacts.rules import Claim, assign
from orchard.contacts.types import IncomingRow, Outcome, normal_email
from orchard.interactions.models import Interaction

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
COLUMNS = ("first_name", "last_name", "title")


def row(number, *, first="Anna", last="Lee", title=None, email=None, crm=None, company=None, **more):
    return IncomingRow(
        number,
        (first, last, title),
        account=(company,),
        emails=[(email, normal_email(email))] if email else [],
        ids=[("crm", crm)] if crm else [],
        **more,
    )


def upsert(*rows, import_id=1, now=NOW):
    return actions.upsert_batch(
        rows, contact_columns=COLUMNS, account_columns=("name",), import_id=import_id, now=now
    )


def outcomes(results):
    return [result.outcome.value for result in results]


def test_new_rows_become_contacts_with_account_address_id_and_fact():
    (result,) = upsert(row(1, email="Anna@Example.com", crm="7", company="Acme GmbH", title="Buyer"))
    page = queries.contact(result.contact_id)
    assert result.outcome is Outcome.CREATED
    assert (page.contact.full_name, page.contact.title, page.contact.account.name) == (
        "Anna Lee",
        "Buyer",
        "Acme GmbH",
    )
    assert [email.address for email in page.emails if email.is_primary] == ["Anna@Example.com"]
    assert [(each.source, each.value) for each in page.external_ids] == [("crm", "7")]
    fact = Interaction.objects.get(kind="contact.created")
    assert (fact.contact_id, fact.account_id, fact.bulk, fact.import_id) == (
        result.contact_id,
        result.account_id,
        True,
        1,
    )


def test_the_same_rows_again_change_nothing():
    rows = [row(n, email=f"p{n}@example.com", crm=str(n), company="Acme", title="Buyer") for n in range(20)]
    upsert(*rows)
    before = (Interaction.objects.count(), FieldHistory.objects.count(), Account.objects.count())
    assert set(outcomes(upsert(*rows, import_id=2))) == {"unchanged"}
    assert (Interaction.objects.count(), FieldHistory.objects.count(), Account.objects.count()) == before


def test_a_changed_field_keeps_what_it_replaced_and_an_empty_one_says_nothing():
    (made,) = upsert(row(1, email="a@example.com", title="Buyer"))
    (changed,) = upsert(row(1, email="A@EXAMPLE.com", title="Head of Buying"), import_id=2)
    (silent,) = upsert(row(1, email="a@example.com", title=None), import_id=3)
    assert (changed.outcome, silent.outcome) == (Outcome.UPDATED, Outcome.UNCHANGED)
    (old,) = queries.history("contact", made.contact_id)
    assert (old.field, old.value, old.import_id) == ("title", "Buyer", 2)
    assert Contact.objects.get().title == "Head of Buying"


def test_a_row_with_the_address_of_one_and_the_id_of_another_is_rejected_and_changes_neither():
    upsert(row(1, email="a@example.com", crm="1"), row(2, first="Bob", email="b@example.com", crm="2"))
    (result,) = upsert(row(3, first="Eve", email="a@example.com", crm="2"))
    assert result.outcome is Outcome.REJECTED
    assert "belong to two different people" in result.reason
    assert sorted(Contact.objects.values_list("first_name", flat=True)) == ["Anna", "Bob"]


def test_two_people_who_share_an_address_in_one_system_are_not_laid_over_each_other():
    results = upsert(
        row(1, email="info@example.com", crm="1"), row(2, first="Bob", email="info@example.com", crm="2")
    )
    assert outcomes(results) == ["created", "rejected"]
    assert "another id in crm" in results[1].reason
    assert Contact.objects.get().first_name == "Anna"


def test_a_row_by_which_nobody_could_be_known_again_is_rejected():
    (result,) = upsert(row(1))
    assert (result.outcome, Contact.objects.count()) == (Outcome.REJECTED, 0)


def test_rows_of_one_person_in_one_batch_are_one_contact_with_both_addresses():
    results = upsert(
        row(1, email="a@example.com", crm="1"),
        row(2, email="a2@example.com", crm="1", title="Buyer"),
        row(3, crm="1"),
    )
    assert outcomes(results) == ["created", "updated", "unchanged"]
    assert len({result.contact_id for result in results}) == 1
    assert ContactEmail.objects.count() == 2


def test_a_known_contact_gets_a_second_address_and_the_first_stays_primary():
    upsert(row(1, email="a@example.com", crm="1"))
    assert outcomes(upsert(row(1, email="new@example.com", crm="1"))) == ["updated"]
    assert list(ContactEmail.objects.filter(is_primary=True).values_list("normal", flat=True)) == [
        "a@example.com"
    ]


def test_a_row_finds_the_living_contact_of_a_merged_one():
    first, second = upsert(row(1, email="a@example.com"), row(2, email="b@example.com"))
    actions.merge(survivor_id=first.contact_id, loser_id=second.contact_id, now=NOW, actor_id=None)
    (found,) = upsert(row(3, email="b@example.com", title="Buyer"))
    assert (found.contact_id, found.outcome) == (first.contact_id, Outcome.UPDATED)


def test_companies_are_one_by_name_without_legal_form_and_filled_but_not_overruled_by_a_persons_row():
    def at(number, industry, ids=()):
        return IncomingRow(
            number,
            (None, None, None),
            account=("ACME", industry),
            ids=[("crm", str(number))],
            account_ids=ids,
        )

    def run(*rows):
        return actions.upsert_batch(
            rows, contact_columns=COLUMNS, account_columns=("name", "industry"), import_id=1, now=NOW
        )

    upsert(row(1, email="a@example.com", company="Acme GmbH"))
    run(at(2, "packaging"), at(3, "printing"))
    assert Account.objects.get().industry == "packaging"
    run(at(4, "retail", ids=[("erp", "9")]))
    account = Account.objects.get()
    assert (account.industry, account.name) == ("retail", "ACME")


def test_companies_of_one_name_with_different_domains_stay_two():
    def at(number, domain):
        return IncomingRow(number, (None, None, None), account=("Delta", domain), ids=[("crm", str(number))])

    actions.upsert_batch(
        [at(1, "delta.com"), at(2, "https://www.delta.at/"), at(3, "delta.com")],
        contact_columns=COLUMNS,
        account_columns=("name", "domain"),
        import_id=1,
        now=NOW,
    )
    assert sorted(Account.objects.values_list("domain", flat=True)) == ["delta.at", "delta.com"]


def test_own_fields_are_set_one_by_one_with_their_history():
    (made,) = upsert(row(1, crm="1", custom={"revenue": 5, "color": "red"}))
    upsert(row(1, crm="1", custom={"revenue": 7}), import_id=2)
    upsert(row(1, crm="1", custom={"revenue": 7}), import_id=3)
    assert Contact.objects.get().custom == {"revenue": 7, "color": "red"}
    assert [(old.field, old.value) for old in queries.history("contact", made.contact_id)] == [
        ("custom.revenue", 5)
    ]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"title": "x" * 201}, "201 characters; 200 fit"), ({"crm": "a\x00"}, "zero character")],
)
def test_a_value_that_does_not_fit_rejects_its_row_alone(more, sentence):
    rows = [row(1, email="a@example.com"), row(2, **{"email": "b@example.com"} | more)]
    fine, wrong = upsert(*rows)
    assert (fine.outcome, wrong.outcome) == (Outcome.CREATED, Outcome.REJECTED)
    assert sentence in wrong.reason


def test_same_name_at_the_same_company_goes_to_the_review_list_and_does_not_merge():
    first, second = upsert(
        row(1, email="a@example.com", company="Acme"),
        row(2, first="LEE,", last="Anna", crm="5", company="Acme Inc."),
    )
    assert Contact.objects.count() == 2
    doubt = Doubt.objects.get()
    assert ({doubt.first_id, doubt.second_id}, doubt.reasons) == (
        {first.contact_id, second.contact_id},
        ["name and company"],
    )


def test_a_shared_phone_goes_to_the_review_list():
    upsert(
        row(1, crm="1", phones=[("+43 1 588580", "+431588580", "")]),
        row(2, first="Bob", crm="2", phones=[("0043 1 588580", "+431588580", "")]),
    )
    assert Doubt.objects.get().reasons == ["phone"]


def test_an_erased_person_is_not_imported_again():
    (made,) = upsert(row(1, email="a@example.com"))
    actions.erase_contact(contact_id=made.contact_id, now=NOW, actor_id=None)
    (again,) = upsert(row(1, email="A@example.com"))
    assert again.outcome is Outcome.REJECTED
    assert "asked to be erased" in again.reason


def test_an_undone_import_leaves_things_as_they_were_but_for_what_happened_since():
    (known,) = upsert(row(1, email="a@example.com", title="Buyer"), import_id=1)
    _, _, active = upsert(
        row(1, email="a@example.com", title="CEO", crm="1"),
        row(2, email="b@example.com", company="Beta"),
        row(3, email="c@example.com"),
        import_id=2,
    )
    actions.change_contact(contact_id=active.contact_id, values={"title": "VP"}, now=NOW, actor_id=None)
    undone = actions.undo_import(import_id=2, now=NOW)
    assert (undone.removed, undone.kept, undone.restored) == (1, 1, 1)
    assert Contact.objects.get(id=known.contact_id).title == "Buyer"
    assert not ExternalId.objects.exists()
    assert not Account.objects.exists()
    assert set(Contact.objects.values_list("id", flat=True)) == {known.contact_id, active.contact_id}


def test_undoing_leaves_a_field_that_somebody_changed_after_the_import():
    (known,) = upsert(row(1, email="a@example.com", title="Buyer"), import_id=1)
    upsert(row(1, email="a@example.com", title="CEO"), import_id=2)
    actions.change_contact(contact_id=known.contact_id, values={"title": "Chair"}, now=NOW, actor_id=None)
    actions.undo_import(import_id=2, now=NOW)
    assert Contact.objects.get().title == "Chair"


KEYS = st.lists(
    st.one_of(
        st.sampled_from(["a@x.io", "b@x.io", "c@x.io", "d@x.io"]),
        st.tuples(st.sampled_from(["crm", "erp"]), st.sampled_from("123")),
    ),
    max_size=3,
    unique=True,
)


@given(
    st.lists(KEYS, max_size=12),
    st.dictionaries(st.sampled_from(["a@x.io", "b@x.io", ("crm", "1")]), st.integers(1, 3)),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_identity_never_makes_two_owners_one_and_judges_the_same_rows_alike(rows, known):
    claim = Claim(dict(known), {(owner, key[0]) for key, owner in known.items() if isinstance(key, tuple)})
    first = assign(rows, claim)
    assert {key: claim.owners[key] for key in known} == known
    for keys, verdict in zip(rows, first, strict=True):
        if verdict.owner:
            assert {claim.owners[key] for key in keys} == {verdict.owner}
    assert [verdict.owner for verdict in assign(rows, claim)] == [verdict.owner for verdict in first]
