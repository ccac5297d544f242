"""Files on contacts and companies: kept once with their fact, taken away, brought back, gone for good, erased."""

import threading
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orchard import flow
from orchard.contacts import actions, jobs, queries
from orchard.contacts.actions import files as keeping
from orchard.contacts.actions.hold import Held
from orchard.contacts.models import FilePiece, KeptFile
from orchard.contacts.rules.files import file_name, file_words, media_of
from orchard.contacts.types import Clash, Gone, Hidden, IncomingRow, NewFile, UnknownFile
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.models import Interaction
from orchard.journal.models import Entry
from orchard.kit.errors import NotAllowed, Refused
from orchard.team import queries as team
from orchard.team.types import Role, Scope
from tests.make.members import member

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1, minutes=1)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Offer 7.pdf", "Offer 7.pdf"),
        ("C:\\offers\\../Offer\t 7.pdf", "Offer 7.pdf"),
        ("offer\u202efdp.exe\x00\r\n", "offerfdp.exe"),
        ("Zoë “Ltd” 漢字.dwg", "Zoë “Ltd” 漢字.dwg"),
        (" .. ", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
    ],
)
def test_a_name_is_kept_in_one_line_without_folders_and_what_nobody_sees(given, kept):
    assert file_name(given) == kept


def test_a_name_that_is_too_long_keeps_its_ending():
    assert file_name("x" * 400 + ".pdf") == "x" * 196 + ".pdf"
    assert file_name("x" * 400) == "x" * 200


def test_the_first_bytes_say_what_a_file_is_whatever_it_is_called():
    said = [
        media_of(head)
        for head in (
            PNG,
            b"\xff\xd8\xff\xe0",
            b"GIF89a",
            b"RIFF\x10\n\x00\x00WEBPVP8 ",
            b"%PDF-1.7",
            b"<svg xmlns=",
            b"<!doctype html>",
            b"",
        )
    ]
    assert said == ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "", "", ""]


def test_a_word_about_a_file_is_one_line_and_not_an_essay():
    assert file_words(" the offer\nof March\x00 ") == "the offer of March"
    with pytest.raises(Refused, match="500"):
        file_words("x" * 501)


@pytest.fixture
def nora(db):
    return member(Role.SALES, name="Nora Lind")


@pytest.fixture
def ada(db):
    return actions.create_contact(full_name="Ada Lovelace", now=NOW)


@pytest.fixture
def acme(db):
    return actions.create_account(name="Acme", now=NOW)


def keep(*files, by=None, now=NOW, words="", **about):
    given = [NewFile(name, BytesIO(content)) for name, content in files]
    return actions.keep_files(files=given, words=words, now=now, actor_id=by and by.pk, **about)


def kept(contact, *files, **more):
    """Keep files on a contact of which none may be refused, and return their ids."""
    done = keep(*files, contact_id=contact, **more)
    assert refused(done) == []
    return list(done.kept)


def refused(done):
    return [each.sentence for each in done.refused]


def content_of(file_id):
    return b"".join(queries.pieces_of(file_id))


def names_on(contact):
    return [each.name for each in queries.files_of(queries.contact(contact).ids)]


def added_to(contact):
    ledger.drain(flow.CONSUMERS)
    return [fact for fact in facts.facts_of([contact]) if fact.kind == "file.added"]


def test_a_file_is_kept_whole_with_a_fact_that_holds_no_word_of_it(nora, ada, monkeypatch):
    monkeypatch.setattr(keeping, "PIECE", 10)
    large = bytes(range(256)) + b"\\N\t\n"
    (photo, offer) = kept(ada, ("card.png", PNG), ("Offer.pdf", large), by=nora, words="By post")
    assert (content_of(photo), content_of(offer)) == (PNG, large)
    assert FilePiece.objects.filter(file=offer).count() == 26
    shown = {each.id: each for each in queries.files_of([ada])}
    assert (shown[photo].media, shown[offer].media) == ("image/png", "")
    assert (shown[offer].ending, shown[offer].size, shown[offer].words) == ("PDF", 260, "By post")
    assert (shown[offer].member, shown[offer].added_at) == ("Nora Lind", NOW)
    told = added_to(ada)
    assert {each.id for each in told} == {each.fact_id for each in shown.values()}
    assert {(each.member_id, each.occurred_at) for each in told} == {(nora.pk, NOW)}
    assert facts.words_of(each.id for each in told) == {}
    line = Entry.objects.get(action="file.added")
    assert (line.actor_id, line.subject_kind, line.subject_id) == (nora.pk, "contact", ada)
    assert line.details == {"files": [photo, offer]}


def test_a_list_of_files_never_reads_what_is_in_them(ada):
    kept(ada, ("card.png", PNG))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        names_on(ada)
        queries.files_told([each.fact_id for each in queries.files_of([ada])])
    assert not any("piece" in each["sql"] for each in asked)


def test_the_same_file_is_kept_once_on_a_record_and_said_by_which_name(ada, acme):
    kept(ada, ("card.png", PNG))
    done = keep(("card.png", PNG), ("photo.png", PNG), ("new.txt", b"new"), contact_id=ada)
    assert refused(done) == [
        "“card.png” is kept here already.",
        "“photo.png” is kept here already, as “card.png”.",
    ]
    assert names_on(ada) == ["new.txt", "card.png"]
    assert refused(keep(("a.png", PNG), ("b.png", PNG), account_id=acme)) == [
        "“b.png” is kept here already, as “a.png”."
    ]
    assert len(queries.files_of_account(acme)) == 1


def test_what_is_empty_too_large_or_one_too_many_is_refused_and_keeps_nothing_else_back(ada, monkeypatch):
    monkeypatch.setattr("orchard.contacts.rules.files.LARGEST_FILE", 2 * 2**20)
    monkeypatch.setattr(keeping, "MOST_FILES", 2)
    done = keep(
        ("none.txt", b""),
        ("film.mp4", bytes(3 * 2**20)),
        ("a.txt", b"a"),
        ("b.txt", b"b"),
        ("c.txt", b"c"),
        contact_id=ada,
    )
    assert names_on(ada) == ["b.txt", "a.txt"]
    empty, large, many = refused(done)
    assert empty == "“none.txt” is empty: there is nothing in it to keep."
    assert large.startswith("“film.mp4” has 3.0 MB; a file has at most 2 MB.")
    assert many == "“c.txt” does not fit: 2 files are kept here. Remove one first."
    assert len(added_to(ada)) == 2
    with pytest.raises(Refused, match="500 characters"):
        keep(("d.txt", b"d"), contact_id=ada, words="x" * 501)


def test_a_removed_file_is_gone_with_its_fact_and_comes_back_as_it_was(nora, ada):
    (file,) = kept(ada, ("card.png", PNG), by=nora, words="Her card")
    boss = member(Role.MANAGER, name="Lea")
    actions.remove_file(file_id=file, now=NOW, actor_id=boss.pk)
    assert (names_on(ada), added_to(ada)) == ([], [])
    with pytest.raises(UnknownFile):
        queries.file(file)
    with pytest.raises(UnknownFile):
        actions.remove_file(file_id=file, now=NOW, actor_id=boss.pk)
    with pytest.raises(NotAllowed, match="Only who removed"):
        actions.restore_file(file_id=file, now=NOW, actor_id=nora.pk)
    actions.restore_file(file_id=file, now=LATER - timedelta(minutes=2), actor_id=boss.pk)
    back = queries.file(file)
    assert (back.name, back.words, back.member, back.added_at) == ("card.png", "Her card", "Nora Lind", NOW)
    assert [(fact.id, fact.occurred_at) for fact in added_to(ada)] == [(back.fact_id, NOW)]
    with pytest.raises(Clash):
        actions.restore_file(file_id=file, now=NOW, actor_id=boss.pk)
    told = Entry.objects.filter(action__startswith="file.").order_by("id")
    assert [(each.action, each.actor_id) for each in told] == [
        ("file.added", nora.pk),
        ("file.removed", boss.pk),
        ("file.restored", boss.pk),
    ]


def test_a_file_comes_back_at_the_record_and_the_company_where_it_stood(ada, acme):
    double = actions.create_contact(full_name="A. Lovelace", account_id=acme, now=NOW)
    (file,) = kept(double, ("card.png", PNG))
    merged = actions.merge(survivor_id=ada, loser_id=double, now=NOW, actor_id=None)
    actions.remove_file(file_id=file, now=NOW, actor_id=None)
    actions.restore_file(file_id=file, now=NOW, actor_id=None)
    actions.unmerge(merge_id=merged, now=NOW, actor_id=None)
    assert (names_on(ada), added_to(ada)) == ([], [])
    assert [(fact.id, fact.account_id) for fact in added_to(double)] == [(queries.file(file).fact_id, acme)]


def test_a_file_that_was_added_anew_meanwhile_is_not_brought_back_beside_itself(nora, ada):
    (file,) = kept(ada, ("card.png", PNG), by=nora)
    actions.remove_file(file_id=file, now=NOW, actor_id=nora.pk)
    kept(ada, ("again.png", PNG), by=nora)
    with pytest.raises(Clash, match="added anew"):
        actions.restore_file(file_id=file, now=NOW, actor_id=nora.pk)


def test_after_a_day_a_removed_file_is_gone_for_good_with_what_is_in_it(nora, ada):
    gone, stays = kept(ada, ("a.txt", b"a"), ("b.txt", b"b"), by=nora)
    actions.remove_file(file_id=gone, now=NOW, actor_id=nora.pk)
    assert jobs.forget_files(NOW + timedelta(hours=23)) == 0
    with pytest.raises(Refused, match="for a day"):
        actions.restore_file(file_id=gone, now=LATER, actor_id=nora.pk)
    assert jobs.forget_files(LATER) == 1
    assert list(KeptFile.objects.values_list("id", flat=True)) == [stays]
    assert list(FilePiece.objects.values_list("file", flat=True)) == [stays]
    with pytest.raises(UnknownFile):
        actions.restore_file(file_id=gone, now=LATER, actor_id=nora.pk)


def test_a_merge_brings_files_together_and_its_undo_takes_them_apart(ada):
    double = actions.create_contact(full_name="A. Lovelace", now=NOW)
    kept(ada, ("hers.txt", b"hers"), ("both.txt", b"both"))
    kept(double, ("doubles.txt", b"double's"), ("both too.txt", b"both"))
    merged = actions.merge(survivor_id=ada, loser_id=double, now=NOW, actor_id=None)
    assert sorted(names_on(double)) == ["both too.txt", "both.txt", "doubles.txt", "hers.txt"]
    assert {each.contact_id for each in queries.files_of(queries.contact(ada).ids)} == {ada}
    assert refused(keep(("x.txt", b"double's"), contact_id=ada)) != []
    kept(double, ("since.txt", b"since"))
    assert len(added_to(ada)) == 5
    actions.unmerge(merge_id=merged, now=NOW, actor_id=None)
    assert sorted(names_on(ada)) == ["both.txt", "hers.txt", "since.txt"]
    assert sorted(names_on(double)) == ["both too.txt", "doubles.txt"]


def test_an_erased_person_takes_along_the_files_of_every_record_and_those_of_companies_that_name_her(acme):
    ann = actions.create_contact(full_name="Ann Lee", now=NOW, emails=["ann.lee@example.com"])
    double = actions.create_contact(full_name="A. Lee", now=NOW)
    kept(ann, ("a.txt", b"a"), ("removed.txt", b"r"))
    kept(double, ("b.txt", b"b"))
    actions.merge(survivor_id=ann, loser_id=double, now=NOW, actor_id=None)
    actions.remove_file(file_id=KeptFile.objects.get(name="removed.txt").id, now=NOW, actor_id=None)
    keep(("card_ann-lee.jpg", b"1"), ("ann.lee@example.com.eml", b"2"), account_id=acme)
    keep(("offer.pdf", b"3"), account_id=acme, words="as Ann Lee asked")
    keep(("joann leeds.pdf", b"4"), ("annleeway.pdf", b"5"), account_id=acme)
    told = Interaction.objects.filter(kind="file.added").count()
    actions.erase_contact(contact_id=ann, now=NOW, actor_id=None)
    assert sorted(KeptFile.objects.values_list("name", flat=True)) == ["annleeway.pdf", "joann leeds.pdf"]
    assert FilePiece.objects.count() == 2
    assert Interaction.objects.filter(kind="file.added").count() == told
    with pytest.raises(Gone):
        keep(("c.txt", b"c"), contact_id=ann)


def test_whoever_may_not_see_a_contact_neither_reads_nor_changes_its_files(nora, ada):
    petra = member(Role.SALES, name="Petra", scope=Scope.OWN)
    (file,) = kept(ada, ("card.png", PNG), by=nora)
    actions.hold([Held(ada, 1, nora.id)], source_kind="lead", now=NOW)
    with team.seeing(team.reach_of(petra)):
        assert not queries.is_seen_by_file(file)
        with pytest.raises(Hidden):
            queries.file(file)
        with pytest.raises(Hidden):
            keep(("b.txt", b"b"), contact_id=ada, by=petra)
        with pytest.raises(Hidden):
            actions.remove_file(file_id=file, now=NOW, actor_id=petra.pk)
    assert names_on(ada) == ["card.png"]


def test_two_who_add_the_same_file_in_the_same_moment_keep_it_once(own_database):
    person, done = actions.create_contact(full_name="Ada", now=NOW), []
    together = threading.Barrier(2)

    def add(name):
        together.wait(10)
        done.append(keep((name, PNG), contact_id=person))
        connection.close()

    threads = [threading.Thread(target=add, args=[name]) for name in ("a.png", "b.png")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted((len(each.kept), len(each.refused)) for each in done) == [(0, 1), (1, 0)]
    assert len(names_on(person)) == 1


def test_a_removed_company_takes_its_files_along(acme):
    keep(("a.txt", b"a"), account_id=acme)
    actions.remove_account(account_id=acme, now=NOW, actor_id=None)
    assert (KeptFile.objects.count(), FilePiece.objects.count()) == (0, 0)


def test_an_undone_import_leaves_whom_somebody_gave_a_file(db):
    rows = [
        IncomingRow(number, (name,), (company,), emails=[(f"{name}@example.com",) * 2])
        for number, name, company in ((1, "Ann", "Acme"), (2, "Ben", "Beta"), (3, "Cid", "Ceta"))
    ]
    shared = {"contact_columns": ("full_name",), "account_columns": ("name",), "import_id": 1, "now": NOW}
    ann, ben, cid = actions.upsert_batch(rows, **shared)
    kept(ann.contact_id, ("a.txt", b"a"))
    keep(("b.txt", b"b"), account_id=ben.account_id)
    done = actions.undo_import(import_id=1, now=NOW)
    assert (done.removed, done.kept) == (2, 1)
    assert [each.name for each in queries.files_of_account(ben.account_id)] == ["b.txt"]
    with pytest.raises(Gone):
        queries.account(cid.account_id)
