"""What comes after a first import: the next file, mended rejects, an import undone, one that was interrupted."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from orchard.connect import jobs, queries
from orchard.connect.models import Import, RejectedRow
from orchard.connect.types import LEASE, State
from orchard.contacts.models import Contact, ContactEmail
from orchard.interactions.models import Interaction
from orchard.kit import clock
from orchard.kit.languages import spoken
from orchard.team.types import Role
from tests.make.members import member
from tests.make.reading import text_of, toasts_of

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
HEADER = "E-mail;Whole name;Firm;Seen on\n"
PEOPLE = f"{HEADER}ann@example.com;Ann One;Nordfoods;2026-03-01 09:30\nnot an address;Bob Two;Acme, Inc.;\n"
MAP = {
    "c.0.to": "email",
    "c.1.to": "full_name",
    "c.2.to": "account.name",
    "f.0.kind": "webinar.registered",
    "f.0.at": "Seen on",
    "f.0.only_if": "Seen on",
    "f.0.campaign": "=",
    "f.0.campaign_value": "Webinar 7",
    "time_zone": "Europe/Vienna",
}


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def page():
    client = Client()
    client.force_login(member(Role.MARKETING, time_zone="Europe/Vienna"))
    return client


def upload(page, text=PEOPLE, name="people.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    answer = page.post(reverse("imports:new"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("id").id


def brought(page, text=PEOPLE, name="people.csv", given=MAP):
    """Bring a file in by this map, from upload to result."""
    import_id = upload(page, text, name)
    answer = page.post(at("map", import_id), given)
    assert answer.status_code == 302, answer.content.decode()
    page.post(at("preview", import_id))
    assert jobs.work(clock.now()) == 1
    return import_id


def at(name, import_id, query=""):
    return reverse(f"imports:{name}", args=[import_id]) + query


def posted(sheet):
    """Return what the form posts as it stands."""
    given = {f"c.{column.place}.to": column.to for column in sheet.columns}
    for part in sheet.facts:
        given |= {f"f.{part.place}.{name}": value for name, value in part.values.items()}
    return {**given, "kept": sheet.kept_text, "rest": sheet.rest_text, "time_zone": sheet.time_zone}


def test_the_next_file_of_the_same_columns_is_mapped_as_the_newest_was_and_may_be_begun_anew(page):
    with clock.at(NOVEMBER - timedelta(days=30)):
        brought(page, name="october.csv", given={**MAP, "c.2.to": "city"})
    with clock.at(NOVEMBER):
        brought(page, name="november.csv")
        import_id = upload(
            page, f"{HEADER}cy@example.com;Cy Three;Polkarton;2026-12-01 10:00\n", "december.csv"
        )
        answer = page.get(at("map", import_id))
        assert "Mapped as on 3 Nov, in november.csv." in text_of(answer)
        sheet = answer.context["sheet"]
        assert [column.to for column in sheet.columns] == ["email", "full_name", "account.name", ""]
        assert sheet.facts[0].values["campaign_value"] == "Webinar 7"
        assert "campaign:" in page.get(at("map", import_id, "?as=text")).context["text"]
        anew = page.get(at("map", import_id, "?from=nothing"))
        assert "Mapped as on" not in text_of(anew)
        assert anew.context["sheet"].facts == []
        page.post(at("map", import_id), posted(sheet))
        page.post(at("preview", import_id))
        jobs.work(clock.now())
    assert Interaction.objects.filter(kind="webinar.registered").count() == 2


def test_a_file_that_shares_only_a_column_with_an_earlier_one_is_not_mapped_by_it(page):
    brought(page, "E-mail\nann@example.com\n", given={"c.0.to": "email"})
    shown = page.get(at("map", upload(page)))
    assert "Mapped as on" not in text_of(shown)


def test_a_column_that_the_earlier_file_did_not_have_is_named(page):
    brought(page)
    more = PEOPLE.replace("Seen on\n", "Seen on;Mood\n").replace("09:30\n", "09:30;good\n")
    shown = text_of(page.get(at("map", upload(page, more))))
    assert "New in this file, and left out so far: Mood." in shown


def test_a_map_of_our_own_is_offered_before_that_of_a_known_export(page, data):
    text = (data / "formats" / "linkedin" / "connections_2020plus_notes_url.csv").read_text(encoding="utf-8")
    import_id = upload(page, text, "Connections.csv")
    own = "contact:\n  first_name: First Name\n  last_name: Last Name\n  city: Company\n"
    page.post(at("map", import_id, "?as=text"), {"map": own})
    page.post(at("preview", import_id))
    jobs.work(clock.now())
    shown = page.get(at("map", upload(page, text, "Connections.csv")))
    assert "Mapped as on" in text_of(shown)
    assert "an export that Orchard knows" not in text_of(shown)
    assert "city" in [column.to for column in shown.context["sheet"].columns]


def test_mended_rejects_come_in_by_the_map_of_their_file_even_after_it_was_undone(page):
    with clock.at(NOVEMBER):
        first = brought(page)
        page.post(at("undo", first))
        jobs.work(clock.now())
        assert "not an address" in text_of(page.get(at("show", first)))
        content = b"".join(page.get(at("rejects", first)).streaming_content).decode("utf-8-sig")
        header, bob = csv.reader(io.StringIO(content), delimiter=";")
        assert header == ["E-mail", "Whole name", "Firm", "Seen on", "row", "reason"]
        mended = io.StringIO()
        csv.writer(mended, delimiter=";").writerows(
            [[*header, ""], ["bob@example.com", *bob[1:], "mended by Ann"]]
        )
        second = upload(page, mended.getvalue().encode("cp1252"), "people.rejects.csv")
        shown = page.get(at("map", second))
        assert "Mapped as on 3 Nov, in people.csv, an import that was undone." in text_of(shown)
        page.post(at("map", second), posted(shown.context["sheet"]))
        assert "Import 1 row" in text_of(page.get(at("preview", second)))
        page.post(at("preview", second))
        jobs.work(clock.now())
    bob = Contact.objects.get(emails__normal="bob@example.com")
    assert (bob.full_name, bob.account.name) == ("Bob Two", "Acme, Inc.")
    assert not ContactEmail.objects.filter(normal="ann@example.com").exists()


def test_rejects_are_read_by_the_order_of_day_and_month_that_the_whole_file_told(page):
    rows = "ann@example.com;Ann;Acme;13.03.2026\nx;Bo;Acme;05.03.2026\n"
    given = {name: value for name, value in MAP.items() if name != "time_zone"}
    first = brought(page, HEADER + rows, given=given)
    content = b"".join(page.get(at("rejects", first)).streaming_content).replace(
        b"x;Bo", b"bo@example.com;Bo"
    )
    sheet = page.get(at("map", upload(page, content, "people.rejects.csv"))).context["sheet"]
    assert sheet.dates == "day_first"
    later = page.get(at("map", upload(page, HEADER + "cy@example.com;Cy;Acme;05.03.2026\n")))
    assert later.context["sheet"].dates == "auto"


def test_times_of_a_new_map_are_in_the_zone_of_the_member_until_somebody_says_otherwise(page):
    import_id = upload(page)
    shown = page.get(at("map", import_id))
    assert shown.context["sheet"].time_zone == "Europe/Vienna"
    assert "time_zone: Europe/Vienna" in page.get(at("map", import_id, "?as=text")).context["text"]
    brought(page)
    assert Interaction.objects.get(kind="webinar.registered").occurred_at == datetime(
        2026, 3, 1, 8, 30, tzinfo=UTC
    )
    page.post(at("map", import_id), {**MAP, "time_zone": "UTC"})
    assert page.get(at("map", import_id)).context["sheet"].time_zone == "UTC"


def test_on_the_form_a_problem_is_told_by_its_controls_and_in_the_text_by_its_keys(page):
    import_id = upload(page, "E-mail,Seen on\nann@example.com,03/04/2026\n")
    given = {"c.0.to": "email", "f.0.kind": "webinar.registered", "f.0.at": "Seen on"}
    page.post(at("map", import_id), given)
    form = text_of(page.get(at("preview", import_id)))
    assert "Dates: choose day first or month first, under “How the file is written”." in form
    assert "`" not in form
    text = "contact: {email: E-mail}\ninteractions:\n- {kind: webinar.registered, at: Seen on}\n"
    answer = page.post(at("map", import_id, "?as=text"), {"map": text})
    assert "Write `dates: day_first` or `dates: month_first`" in text_of(page.get(answer["Location"]))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"c.0.to": ""}, "Choose at “Becomes” what at least one column is, such as e-mail or name."),
        ({"c.0.to": "email", "time_zone": "Mars"}, "Time zone of its times: there is no time zone 'Mars'"),
        ({"c.0.to": "campaign:type"}, "Choose at “Becomes” which column is the code or the name"),
        ({"c.0.to": "campaign:code", "c.1.to": "campaign:code"}, "Another column becomes this already."),
        (
            {"c.0.to": "email", "f.0.raw": '{"kind": "form.submitted", "at": {"value": "a", "column": "b"}}'},
            "stands only in its text is not right; choose “As text” to change it",
        ),
    ],
)
def test_what_the_form_cannot_become_a_map_of_is_said_in_its_own_words(page, given, sentence):
    answer = page.post(at("map", upload(page)), given)
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_a_row_without_its_date_is_explained_by_the_condition_of_the_form(page):
    given = {name: value for name, value in MAP.items() if name != "f.0.only_if"}
    import_id = brought(page, f"{HEADER}ann@example.com;Ann One;Acme;\n", given=given)
    shown = text_of(page.get(at("show", import_id)))
    assert "no date for “Registered for a webinar”; to read no such fact from these rows" in shown
    assert "only_if" not in shown
    assert "only_if" in next(queries.rejects(import_id)).reason


def test_why_rows_were_refused_is_told_in_the_language_of_who_reads_it_on_the_page_and_in_the_file(page):
    rows = '"open,Bo,Acme,\nann@example.com,Ann,Acme,soon\ncy@example.com,Cy,Acme,\nnobody@,Di,Acme,\n'
    given = {**MAP, "c.2.to": "account.city"} | {"f.0.only_if": ""}
    import_id = brought(page, HEADER.replace(";", ",") + rows, given=given)
    german = {"HTTP_ACCEPT_LANGUAGE": "de"}
    shown = text_of(page.get(at("show", import_id), **german))
    answer = page.get(at("rejects", import_id), **german)
    with spoken("en"):
        file = b"".join(answer.streaming_content).decode()
    for told in (shown, file):
        assert "In dieser Zeile wird ein Anführungszeichen geöffnet, aber nicht geschlossen." in told
        assert "Seen on: 'soon'" in told
        assert "E-mail: 'nobody@' ist keine E-Mail-Adresse." in told
        assert "is no" not in told
    assert "E-mail: 'nobody@' is no e-mail address." in text_of(page.get(at("show", import_id)))


def test_what_was_left_out_and_why_a_whole_file_failed_is_told_in_the_language_of_who_reads_it(page):
    text = f"{HEADER}ann@example.com;Ann;Graz;\n"
    left_out = brought(page, text, given={"c.0.to": "email", "c.2.to": "account.city"})
    failed = upload(page, text)
    page.post(at("map", failed), {"c.0.to": "email"})
    Import.objects.filter(id=failed).update(map_text="contact: {email: E-mial}")
    page.post(at("preview", failed))
    jobs.work(clock.now())
    assert "Angaben zu einer Firma" in text_of(page.get(at("show", left_out), HTTP_ACCEPT_LANGUAGE="de"))
    assert "Die Datei hat keine Spalte 'E-mial'" in text_of(
        page.get(at("show", failed), HTTP_ACCEPT_LANGUAGE="de")
    )


def test_a_sentence_that_an_earlier_release_kept_is_shown_as_it_stands(page):
    import_id = brought(page)
    RejectedRow.objects.filter(made_by=import_id).update(reason="E-mail: {this} is no address.")
    assert "E-mail: {this} is no address." in text_of(
        page.get(at("show", import_id), HTTP_ACCEPT_LANGUAGE="de")
    )


def test_who_starts_an_import_that_has_ended_is_told_when_and_sees_its_result(page):
    with clock.at(NOVEMBER):
        import_id = brought(page)
    for name, given in (("preview", {}), ("map", MAP)):
        answer = page.post(at(name, import_id), given, follow=True)
        assert answer.redirect_chain == [(at("show", import_id), 302)]
        assert "This import ended on 3 Nov 2026 at 10:00; what came of it" in toasts_of(answer)


def test_an_import_that_stands_still_says_that_it_goes_on_by_itself(page):
    import_id = upload(page)
    Import.objects.filter(id=import_id).update(
        state=State.RUNNING, rows_total=9, rows=3, started_at=NOVEMBER, claimed_until=NOVEMBER + LEASE
    )
    goes_on = "the import goes on by itself within two minutes"
    with clock.at(NOVEMBER + timedelta(seconds=5)):
        shown = page.get(at("show", import_id))
    assert goes_on not in text_of(shown)
    with clock.at(NOVEMBER + timedelta(seconds=11)):
        seen = f"?seen={shown.context['standing'].mark}"
        polled = page.get(at("show", import_id, seen), headers={"HX-Request": "true"})
    assert goes_on in text_of(polled)
