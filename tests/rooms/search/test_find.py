"""What words find: every part of names and addresses, in any order, with one typo forgiven, and nobody who is gone."""

import io
import string
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchard import flow
from orchard.campaigns import actions as campaigns
from orchard.connect import actions as connect
from orchard.connect import jobs
from orchard.contacts import actions
from orchard.interactions import actions as ledger
from orchard.search.actions import keep_keys
from orchard.search.models import AccountKeys, ContactKeys, Word
from orchard.search.queries import find, fit, parts
from tests.make.database import undone

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
SEARCH = [flow.consumer("search.keys")]


def add(name=None, *emails, **more):
    return actions.create_contact(full_name=name, emails=emails, now=NOW, **more)


def company(name, **more):
    return actions.create_account(name=name, now=NOW, **more)


def read():
    ledger.drain(SEARCH)


def people(words):
    return [hit.id for hit in find(words).people]


def accounts(words):
    return [hit.id for hit in find(words).accounts]


def typos(words):
    return [hit.id for hit in find(words).people if hit.match.is_typo]


def test_every_part_of_a_name_and_of_an_address_finds_by_its_beginning():
    anna = add("Anna-Maria Müller", "a.gruber_old+fair@mail.acme-foods.example")
    add("Ben Novak", "ben@other.example")
    read()
    for words in ("an", "mari", "mül", "MULLER", "gruber", "old", "fair", "mail", "acme", "foods"):
        assert people(words) == [anna], words
    assert people("a.gruber_old+fair@mail.acme-foods.example") == [anna]
    assert people("@acme-foods") == [anna]


def test_several_words_narrow_each_other_in_any_order():
    both = add("Anna Gruber")
    add("Anna Novak")
    add("Ben Gruber")
    read()
    assert people("anna gruber") == people("gruber anna") == people("gru an") == people("anna g") == [both]
    assert people("anna huber") == []


def test_what_stands_there_comes_before_beginnings_and_those_before_typos():
    typo, begins, exact = add("Ana Grubner"), add("Annabell Gruber"), add("Anna Gruber")
    double = add("Anna Gruber Maier")
    read()
    assert people("anna gruber") == [exact, double, begins, typo]


def test_of_equals_the_newest_comes_first_and_stays_there():
    first, then = add("Anna Gruber"), add("Anna Gruber")
    read()
    assert people("anna") == people("anna") == [then, first]


@pytest.mark.parametrize(
    "words", ["gurber", "grubr", "grubeer", "hruber", "gruner", "ann gruver", "annagruber", "anna gru ber"]
)
def test_one_typo_is_forgiven_and_said(words):
    anna = add("Anna Gruber")
    read()
    assert typos(words) == [anna]


def test_two_typos_in_a_word_are_not_forgiven():
    add("Anna Gruber")
    read()
    assert people("grbuerr") == []


def test_a_number_forgives_no_typo():
    add("Anna Gruber", "anna1234@example.com")
    read()
    assert people("anna1235") == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_word_within_one_typo_of_the_beginning_of_a_name_finds_it(data):
    letters = st.sampled_from(string.ascii_lowercase)
    name = data.draw(st.text(string.ascii_lowercase, min_size=4, max_size=10))
    begun = name[: data.draw(st.integers(4, len(name)))]
    place, letter = data.draw(st.integers(0, len(begun) - 1)), data.draw(letters)
    written = data.draw(
        st.sampled_from(
            [
                begun[:place] + letter + begun[place + 1 :],
                begun[:place] + letter + begun[place:],
                begun[:place] + begun[place + 1 :],
                begun[:place] + begun[place + 1 : place + 2] + begun[place] + begun[place + 2 :],
            ]
        )
    )
    with undone():
        contact = add(f"Xaver {name}")
        read()
        assert people(written) == [contact]


def test_a_company_is_found_by_name_domain_and_the_id_that_others_know_it_by():
    acme = company("The Acme Packaging Co.", domain="acme-pack.example", ids=[("erp", "KD-4711")])
    read()
    for words in ("acme", "packa", "acme-pack.example", "KD-4711", "4711", "akme"):
        assert accounts(words) == [acme], words
    actions.change_account(account_id=acme, values={"name": "Borealis"}, now=NOW, actor_id=None)
    read()
    assert accounts("borealis") == [acme]
    assert accounts("packaging") == []


def test_a_campaign_is_found_by_name_and_code_without_being_read_from_the_ledger():
    fair = campaigns.create_campaign(name="Spring fair", code="INTERPACK_27", now=NOW)
    for words in ("spr", "fair spring", "interpack", "27", "intrepack"):
        assert [hit.id for hit in find(words).campaigns] == [fair], words


def test_a_changed_name_and_a_removed_address_are_found_no_more():
    anna = add("Anna Gruber", "anna@old.example")
    email = actions.add_email(contact_id=anna, address="gruber@new.example", now=NOW, actor_id=None)
    actions.change_contact(contact_id=anna, values={"full_name": "Anna Hallgrimsson"}, now=NOW, actor_id=None)
    read()
    assert people("hallgrimsson") == people("gruber") == [anna]
    actions.remove_email(email_id=email, now=NOW, actor_id=None)
    read()
    assert people("gruber") == []
    assert not Word.objects.filter(word="gruber").exists()


def test_a_joined_record_is_found_as_the_list_of_contacts_finds_it_and_again_by_itself_once_parted():
    anna, double = add("Anna Gruber", "anna@example.com"), add("Nanette Grub", "nanette@double.example")
    merge = actions.merge(survivor_id=anna, loser_id=double, now=NOW, actor_id=None)
    read()
    assert people("grub") == [anna]
    assert find("nanette").people[0].id == anna, "an address of the joined record leads to the living one"
    assert find("nanette").people[0].details == ["nanette@double.example"]
    assert people("nanette grub") == [anna]
    actions.unmerge(merge_id=merge, now=NOW, actor_id=None)
    read()
    assert people("nanette") == [double]


def test_an_erasure_takes_the_words_at_once_but_for_those_that_others_have():
    anna, _ = add("Anna Kanarienvogel", "kanarien@example.com"), add("Anna Gruber", "gruber@example.com")
    read()
    actions.erase_contact(contact_id=anna, now=NOW, actor_id=None)
    assert people("kanarienvogel") == []
    assert not ContactKeys.objects.filter(contact_id=anna).exists()
    assert set(Word.objects.values_list("word", flat=True)) == {"anna", "gruber", "example", "com"}
    read()
    assert set(Word.objects.values_list("word", flat=True)) == {"anna", "gruber", "example", "com"}


def imported(rows, mapping):
    import_id = connect.begin(file_name="people.csv", upload=io.BytesIO(rows.encode()), now=NOW)
    connect.describe(import_id=import_id, map_text=mapping)
    connect.launch(import_id=import_id, now=NOW)
    connect.run(import_id=import_id)
    read()
    return import_id


def test_an_import_that_is_undone_leaves_no_word(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    ben = add("Ben Novak", "ben@example.com")
    read()
    import_id = imported(
        "Id,Email,Name,Company\n1,anna@fresh.example,Anna Gruber,Acme\n2,ben@example.com,,\n2,other@fresh.example,,\n",
        "contact: {external_id: {source: crm, column: Id}, email: Email, full_name: Name, account.name: Company}\n",
    )
    assert people("gruber")
    assert accounts("acme")
    assert people("other") == [ben]
    connect.undo(import_id=import_id, now=NOW)
    jobs.work(NOW)
    read()
    assert people("gruber") == people("other") == []
    assert not AccountKeys.objects.exists()
    assert people("ben") == [ben]
    assert not Word.objects.filter(word__in=["gruber", "acme", "other", "fresh"]).exists()


def test_companies_that_were_imported_alone_are_found(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    imported("Company\nBorealis\n", "contact: {account.name: Company}\n")
    assert accounts("borealis")


def test_a_rebuild_gives_the_same_words():
    anna, double = add("Anna Gruber", account_id=company("Acme")), add("Ann Grubner", "ann@example.com")
    actions.merge(survivor_id=anna, loser_id=double, now=NOW, actor_id=None)
    gone = add("Gone Gonzales")
    read()
    actions.erase_contact(contact_id=gone, now=NOW, actor_id=None)
    assert ledger.rebuild(SEARCH).differences == 0
    assert people("gru") == [anna]
    ContactKeys.objects.all().delete()
    assert ledger.rebuild(SEARCH).differences == 1


def test_keeping_words_again_changes_nothing():
    anna = add("Anna Gruber")
    read()
    before = list(ContactKeys.objects.values_list()), list(Word.objects.values_list())
    keep_keys(contact_ids=[anna, anna + 1_000], account_ids=[])
    assert (list(ContactKeys.objects.values_list()), list(Word.objects.values_list())) == before


@pytest.mark.parametrize("words", ["", "a", "  ", "@", "a b", "%", "'", "\\", "& |"])
def test_too_little_finds_nothing(words):
    add("Anna Berg")
    read()
    assert find(words).is_too_short
    assert find(words).count == 0


@pytest.mark.parametrize("words", ["o'brien", "an' | b:*", "a\\b anna", "x" * 300, "(anna)", "ab " * 60])
def test_signs_that_mean_something_to_the_database_are_only_signs(words):
    add("Anna O'Brien")
    read()
    find(words)
    assert people("o`brien")


def test_at_most_as_many_as_asked_for_are_found_in_each_group():
    for number in range(5):
        add(f"Anna {number}")
    read()
    assert len(find("anna", limit=3).people) == 3


def test_what_fits_is_marked_where_it_stands():
    anna = add("Jürgen O'Brien-Weiß", "jw@example.com")
    read()
    (hit,) = find("obrein").people
    assert hit.id == anna
    assert parts(hit.name, hit.match) == [("Jürgen ", False), ("O'Brien", True), ("-Weiß", False)]


def test_the_name_of_a_page_fits_by_the_same_rules():
    assert fit("oppo", "Opportunities").cost == 1
    assert fit("oportun", "Opportunities").is_typo
    assert fit("x", "Opportunities") is None
    assert fit("contacts", "Opportunities") is None
