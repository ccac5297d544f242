"""Notes: kept once beside their fact, for colleagues; whoever is named is told; taken away, brought back, forgotten."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.kit.errors import NotAllowed, Refused
from orchard.tasks import actions, jobs, queries
from orchard.tasks.models import Note
from orchard.tasks.rules import handles, mentioned, text_of
from orchard.tasks.types import NotOpen, UnknownNote
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make.members import member

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

KNOWN = {1: "Nora Lind", 2: "Nora Lindqvist", 3: "Sam"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Nora Lind knows it", {1}),
        ("ask @nora lindqvist, and (@SAM).", {2, 3}),
        ("nora@lind.example and Sam", set()),
        ("@Samantha is another", set()),
        ("@Nora", set()),
        ("@@Sam", {3}),
    ],
)
def test_who_stands_behind_an_at_is_named_the_longer_name_before_the_shorter(text, named):
    assert mentioned(text, KNOWN) == named


def test_two_of_the_same_name_are_told_apart_by_their_address():
    both = handles(
        [(1, "Kim Park", "kim@a.example"), (2, "Kim Park", "kim@b.example"), (3, "Lea", "l@a.example")]
    )
    assert both == {1: "Kim Park (kim@a.example)", 2: "Kim Park (kim@b.example)", 3: "Lea"}
    assert mentioned("@Kim Park (kim@b.example) was there", both) == {2}


def test_an_empty_note_and_an_endless_one_are_refused_and_lines_stay():
    assert text_of(" one\r\ntwo\x00 ") == "one\ntwo"
    for words in (" \n ", "x" * 5_001):
        with pytest.raises(Refused):
            text_of(words)


@pytest.fixture
def team(db):
    return member(Role.SALES, name="Nora Lind"), member(Role.MARKETING, name="Sam Okafor")


@pytest.fixture
def ada(db):
    return contacts.create_contact(full_name="Ada Lovelace", now=NOW)


def write(words, author, contact, *, key=None, now=NOW, **about):
    return actions.write_note(
        words=words,
        member_id=author.pk,
        key=key or uuid4(),
        now=now,
        among=list(Member.objects.all()),
        contact_id=contact,
        **about,
    )


def told(person):
    return [(row.kind, row.subject) for row in queries.notices(person.pk).rows]


def written_about(contact):
    ledger.drain(flow.CONSUMERS)
    known = [fact for fact in facts.facts_of([contact]) if fact.kind == "note.written"]
    words = facts.words_of(fact.id for fact in known)
    return [(words.get(fact.id), fact.occurred_at) for fact in known]


def test_a_note_is_a_fact_with_its_words_beside_it_once_for_each_form(team, ada):
    nora, sam = team
    key = uuid4()
    first = write("Knows the plant. @Sam Okafor", nora, ada, key=key)
    assert write("Knows the plant. @Sam Okafor", nora, ada, key=key) == first
    assert written_about(ada) == [("Knows the plant. @Sam Okafor", NOW)]
    assert told(sam) == [("note.mentioned", ("note", first))]
    assert told(nora) == []


def test_who_is_named_when_it_is_changed_is_told_then_and_nobody_twice(team, ada):
    nora, sam = team
    note = write("@Sam Okafor and @Nora Lind", nora, ada)
    lea = member(Role.MANAGER, name="Lea")
    actions.change_note(
        note_id=note, words="@Sam Okafor, @Lea", by=nora.pk, now=NOW, among=list(Member.objects.all())
    )
    assert written_about(ada) == [("@Sam Okafor, @Lea", NOW)]
    assert len(told(sam)) == len(told(lea)) == 1
    assert queries.note(note).mentions == {sam.pk, lea.pk}
    assert queries.note(note).changed_at == NOW


def test_only_who_wrote_it_changes_it_takes_it_away_and_brings_it_back(team, ada):
    nora, sam = team
    note = write("Mine", nora, ada)
    with pytest.raises(NotAllowed):
        actions.change_note(note_id=note, words="His", by=sam.pk, now=NOW, among=[])
    with pytest.raises(NotAllowed):
        actions.remove_note(note_id=note, by=sam.pk, now=NOW)
    actions.remove_note(note_id=note, by=nora.pk, now=NOW)
    with pytest.raises(NotAllowed):
        actions.restore_note(note_id=note, by=sam.pk, now=NOW)


def test_a_note_that_is_taken_away_is_gone_with_its_notice_and_comes_back_as_it_was(team, ada):
    nora, sam = team
    note = write("@Sam Okafor look", nora, ada)
    later = NOW + timedelta(hours=3)
    actions.remove_note(note_id=note, by=nora.pk, now=later)
    assert written_about(ada) == []
    assert told(sam) == []
    with pytest.raises(UnknownNote):
        actions.remove_note(note_id=note, by=nora.pk, now=later)
    actions.restore_note(note_id=note, by=nora.pk, now=later)
    assert written_about(ada) == [("@Sam Okafor look", NOW)]
    assert len(told(sam)) == 1
    with pytest.raises(NotOpen):
        actions.restore_note(note_id=note, by=nora.pk, now=later)


def test_what_comes_back_stands_at_the_company_where_it_was_told(team, ada):
    nora, _sam = team
    company = contacts.create_account(name="Glassworks", now=NOW)
    note = write("Met at the plant", nora, ada, at_account=company)
    actions.remove_note(note_id=note, by=nora.pk, now=NOW)
    actions.restore_note(note_id=note, by=nora.pk, now=NOW)
    ledger.drain(flow.CONSUMERS)
    (fact,) = [each for each in facts.facts_of([ada]) if each.kind == "note.written"]
    assert fact.account_id == company


def test_after_a_day_the_words_of_a_note_that_was_taken_away_are_gone_for_good(team, ada):
    nora, _sam = team
    note = write("Gone", nora, ada)
    kept = write("Stays", nora, ada)
    actions.remove_note(note_id=note, by=nora.pk, now=NOW)
    fact = Note.objects.get(id=note).fact_id
    later = NOW + timedelta(days=1, minutes=1)
    with pytest.raises(Refused, match="for a day"):
        actions.restore_note(note_id=note, by=nora.pk, now=later)
    assert jobs.forget_notices(later) == 1
    assert facts.words_of([fact]) == {}
    assert list(Note.objects.values_list("id", flat=True)) == [kept]


def test_an_erased_contact_takes_the_words_of_its_notes_along(team, ada):
    nora, sam = team
    note = write("Her private number. @Sam Okafor", nora, ada)
    fact = Note.objects.get(id=note).fact_id
    contacts.erase_contact(contact_id=ada, now=NOW, actor_id=nora.pk)
    assert facts.words_of([fact]) == {}
    assert told(sam) == []
    assert queries.note(note).text == ""


def test_a_note_on_a_company_is_told_of_it_and_of_nobody_in_person(team):
    nora, sam = team
    acme = contacts.create_account(name="Acme", now=NOW)
    write("@Sam Okafor: two lines, soon four", nora, None, account_id=acme)
    ledger.drain(flow.CONSUMERS)
    (moment,) = [
        each for each in facts.timeline([], account_id=acme).page.rows if each.fact.kind == "note.written"
    ]
    assert (moment.fact.contact_id, moment.fact.account_id) == (None, acme)
    assert [kind for kind, _subject in told(sam)] == ["note.mentioned_at"]


def test_a_note_on_a_company_that_names_who_is_erased_loses_its_words_and_no_other_does(team, ada):
    nora, _sam = team
    acme = contacts.create_account(name="Acme", now=NOW)
    person = contacts.create_contact(full_name="Ann Lee", now=NOW)
    office = contacts.create_contact(full_name="Support", now=NOW)
    of_her = write("Call Ann Lee at home.", nora, None, account_id=acme)
    others = [
        write(words, nora, None, account_id=acme)
        for words in ("Joann Leeds decides", "Support is slow", "Support costs them Fridays")
    ]
    for each in (person, office):
        contacts.erase_contact(contact_id=each, now=NOW, actor_id=nora.pk)
    assert queries.note(of_her).text == ""
    assert all(queries.note(each).text for each in others)
