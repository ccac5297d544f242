"""Files on the pages of contacts and companies: added with a word, listed, opened, saved, removed and brought back."""

import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.contacts.actions.hold import Held
from orchard.contacts.models import KeptFile
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.team.types import Role, Scope
from tests.make.members import member
from tests.make.reading import text_of, toasts_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(1500)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


@pytest.fixture
def nora(client):
    person = member(Role.SALES, name="Nora Lind")
    client.force_login(person)
    return person


@pytest.fixture
def ada(nora):
    return contacts.create_contact(full_name="Ada Lovelace", now=NOW)


def add(client, contact, *files, words="", headers=None, where="files:about_contact"):
    given = [SimpleUploadedFile(name, content) for name, content in files]
    answer = client.post(
        reverse(where, args=[contact]), {"chosen": given, "words": words}, follow=True, headers=headers
    )
    ledger.drain(flow.CONSUMERS)
    return answer


def page(client, contact):
    return client.get(reverse("contacts:show", args=[contact]))


def test_a_file_stands_on_the_page_and_among_what_happened_with_who_added_it(client, ada):
    empty = text_of(page(client, ada))
    assert "No file yet: an offer, a drawing, the photo of a card." in empty
    answer = add(client, ada, ("card.png", PNG), ("Offer <7>.dwg", b"x" * 3000), words="From the fair")
    assert answer.redirect_chain[-1][0] == reverse("contacts:show", args=[ada])
    assert "2 files are kept." in toasts_of(answer)
    said = text_of(page(client, ada)).replace("\xa0", " ")
    assert "Offer <7>.dwg DWG · 2.9 KB · Nora Lind · 23 Nov From the fair" in said
    assert "card.png (opens in a new tab) PNG · 1.5 KB · Nora Lind · 23 Nov" in said
    told = "Nora Lind card.png (opens in a new tab) 1.5 KB “From the fair”"
    assert f"File added · 23 Nov 2026, 09:30 {told}" in said
    assert "Everything 3 Files 2 Records 1" in said
    assert "Offer &lt;7&gt;.dwg" in page(client, ada).content.decode()


def test_what_is_refused_is_said_beside_what_is_kept_and_the_word_stays(client, ada):
    add(client, ada, ("card.png", PNG))
    files = (("card again.png", PNG), ("none.txt", b""), ("new.txt", b"new"))
    answer = add(client, ada, *files, words="Typed <once>", headers=FRAGMENT)
    assert answer.status_code == 422
    said = text_of(answer)
    assert "“card again.png” is kept here already, as “card.png”." in said
    assert "“none.txt” is empty" in said
    assert "The file is kept." in said
    assert 'value="Typed &lt;once&gt;"' in answer.content.decode()
    assert set(KeptFile.objects.values_list("name", flat=True)) == {"card.png", "new.txt"}
    whole = add(client, ada, words="y" * 501)
    assert whole.status_code == 422
    assert "Choose a file." in text_of(whole)
    assert "y" * 501 in whole.content.decode()


def test_a_form_in_the_page_leads_the_whole_page_on(client, ada):
    answer = add(client, ada, ("card.png", PNG), headers=FRAGMENT)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, reverse("contacts:show", args=[ada]))


@pytest.mark.parametrize(
    ("file", "media", "opens"),
    [
        (("Zoë 漢字.png", PNG), "image/png", True),
        (("offer.pdf", b"%PDF-1.7 and more"), "application/pdf", True),
        (("picture.svg", SVG), "application/octet-stream", False),
        (("really.png", SVG), "application/octet-stream", False),
        (("page.html", b"<!doctype html><script>alert(1)</script>"), "application/octet-stream", False),
    ],
)
def test_only_images_and_pdfs_open_in_the_browser_all_else_is_saved(client, ada, file, media, opens):
    add(client, ada, file)
    kept, content = KeptFile.objects.get().pk, file[1]
    for address, inline in (("files:save", False), ("files:open", opens)):
        answer = client.get(reverse(address, args=[kept]))
        assert b"".join(answer.streaming_content) == content
        assert answer["Content-Type"] == media
        assert answer["Content-Disposition"].partition(";")[0] == ("inline" if inline else "attachment")
        assert answer["Content-Security-Policy"].startswith("sandbox")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Length"] == str(len(content))
        assert "no-store" in answer["Cache-Control"]
    opened = reverse("files:open", args=[kept]) in page(client, ada).content.decode()
    assert opened is opens


def test_a_name_in_another_script_is_told_as_rfc_5987_says(client, ada):
    add(client, ada, ('Zoë "7".pdf', b"%PDF-1.7"))
    told = client.get(reverse("files:save", args=[KeptFile.objects.get().pk]))["Content-Disposition"]
    assert told == "attachment; filename*=utf-8''Zo%C3%AB%20%227%22.pdf"


def test_ones_own_file_is_removed_and_brought_back_by_the_toast(client, ada):
    add(client, ada, ("card.png", PNG))
    file = KeptFile.objects.get().pk
    gone = client.post(reverse("files:remove", args=[file]), follow=True)
    assert "“card.png” is removed." in toasts_of(gone)
    undo = re.search(r'action="(/files/\d+/restore)"', gone.content.decode())[1]
    ledger.drain(flow.CONSUMERS)
    assert "card.png" not in text_of(page(client, ada))
    for address in ("files:save", "files:open"):
        answer = client.get(reverse(address, args=[file]))
        assert answer.status_code == 404
        assert "somebody removed it" in answer.content.decode()
    client.post(undo)
    ledger.drain(flow.CONSUMERS)
    assert "File added" in text_of(page(client, ada))
    assert client.get(reverse("files:save", args=[file])).status_code == 200


def test_what_a_colleague_added_is_read_by_all_and_removed_by_a_manager(client, ada):
    add(client, ada, ("card.png", PNG))
    remove = reverse("files:remove", args=[KeptFile.objects.get().pk])
    client.force_login(member(Role.MARKETING))
    assert "card.png" in text_of(page(client, ada))
    assert remove not in page(client, ada).content.decode()
    assert client.post(remove).status_code == 403
    client.force_login(member(Role.MANAGER))
    assert remove in page(client, ada).content.decode()
    assert client.post(remove).status_code == 302
    client.force_login(member(Role.ADMIN))
    said = text_of(client.get(reverse("audit:list")))
    assert "Removed a file" in said
    assert "Added a file" in said


def test_who_may_not_see_the_contact_gets_nothing_of_its_files(client, nora, ada):
    add(client, ada, ("card.png", PNG))
    file = KeptFile.objects.get().pk
    contacts.hold([Held(ada, 1, nora.id)], source_kind="lead", now=NOW)
    client.force_login(member(Role.MANAGER, scope=Scope.OWN))
    for address in ("files:save", "files:open"):
        assert client.get(reverse(address, args=[file])).status_code == 403
    for address in ("files:remove", "files:restore"):
        assert client.post(reverse(address, args=[file])).status_code == 403
    assert client.get(reverse("files:about_contact", args=[ada])).status_code == 403
    assert "card.png" not in text_of(client.get("/search/?q=card"))


def test_of_many_files_the_newest_stand_on_the_page_and_all_on_their_own(client, ada):
    add(client, ada, *((f"plan {number}.txt", bytes([number])) for number in range(9)))
    where = reverse("files:about_contact", args=[ada])
    said = page(client, ada).content.decode()
    assert len(re.findall(r'class="file-row"', said)) == 6
    assert f'href="{where}">' in said
    assert "All 9 files" in said
    whole = client.get(where)
    assert len(re.findall(r'class="file-row"', whole.content.decode())) == 9
    assert "9 files, for everybody who sees this record." in text_of(whole)


def test_a_file_on_a_company_stands_on_its_page_and_in_its_timeline(client, nora):
    acme = contacts.create_account(name="Acme", now=NOW)
    answer = add(client, acme, ("frame contract.pdf", b"%PDF-1.7"), where="files:about_account")
    assert answer.redirect_chain[-1][0] == reverse("accounts:show", args=[acme])
    said = text_of(client.get(reverse("accounts:show", args=[acme])))
    assert said.count("frame contract.pdf") == 2
    client.force_login(member(Role.MARKETING))
    assert "its files (1)" in text_of(client.get(reverse("accounts:remove", args=[acme])))


def test_the_page_that_asks_before_an_erasure_counts_the_files(client, ada):
    add(client, ada, ("a.txt", b"a"), ("b.txt", b"b"))
    client.post(reverse("files:remove", args=[KeptFile.objects.first().pk]))
    client.force_login(member(Role.MANAGER))
    assert "2 files, with what is in them" in text_of(client.get(reverse("contacts:erase", args=[ada])))
