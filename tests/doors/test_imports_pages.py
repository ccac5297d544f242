"""The way of a file through the pages: upload, map, preview, launch, progress, result, undo."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from orchard.connect import jobs, queries
from orchard.connect.models import Import
from orchard.connect.types import State
from orchard.contacts.models import Contact, ContactEmail, CustomField
from orchard.interactions.models import Interaction
from orchard.kit import clock
from orchard.team.types import Role
from tests.make.members import member

pytestmark = pytest.mark.django_db

PEOPLE = (
    "Email,First name,Last name,Company,Registered on,Budget\n"
    "ann@example.com,Ann,One,Nordfoods,2026-03-01,12000\n"
    "bob@example.com,Bob,Two,Polkarton,2026-03-02,9000\n"
    "not an address,Cy,Three,Polkarton,2026-03-03,1\n"
)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def sam():
    return member(Role.MARKETING, name="Sam Okafor")


@pytest.fixture
def page(sam):
    client = Client()
    client.force_login(sam)
    return client


def upload(page, text=PEOPLE, name="people.csv"):
    answer = page.post(reverse("imports:new"), {"file": SimpleUploadedFile(name, text.encode())})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("id").id


def filled(page, import_id):
    """Return what the form of the map holds when it is opened."""
    sheet = page.get(reverse("imports:map", args=[import_id])).context["sheet"]
    values = {f"c.{column.place}.to": column.to for column in sheet.columns}
    return {**values, "kept": sheet.kept_text, "rest": sheet.rest_text}


FACT = {
    "f.0.kind": "webinar.registered",
    "f.0.at": "Registered on",
    "f.0.campaign": "=",
    "f.0.campaign_value": "Webinar 7",
}
BUDGET = {"c.5.to": "custom.new", "c.5.key": "budget", "c.5.type": "number"}


def test_a_file_goes_from_upload_to_undone_over_the_pages(page):
    import_id = upload(page)
    mapped = filled(page, import_id)
    assert mapped["c.0.to"] == "email"
    assert mapped["c.3.to"] == "account.name"
    answer = page.post(reverse("imports:map", args=[import_id]), {**mapped, **FACT, **BUDGET})
    assert answer["Location"] == reverse("imports:preview", args=[import_id])
    shown = page.get(answer["Location"]).content.decode()
    assert "Ann One" in shown
    assert "Webinar 7" in shown
    assert "not an address" in shown
    assert "Import 2 of 3 rows" in shown
    assert Contact.objects.count() == 0
    page.post(reverse("imports:preview", args=[import_id]))
    show = reverse("imports:show", args=[import_id])
    assert "Waits for the worker" in page.get(show).content.decode()
    assert jobs.work(clock.now()) == 1
    result = page.get(show).content.decode()
    assert "1 row was not taken in" in result
    newest = f"{reverse('contacts:list')}?sort=-added"
    assert f'href="{newest}"' in result
    assert "Ann One" in page.get(newest).content.decode()
    assert Contact.objects.count() == 2
    assert ContactEmail.objects.get(normal="ann@example.com").contact.custom == {"budget": 12000}
    assert Interaction.objects.filter(kind="webinar.registered").count() == 2
    stays = "Campaigns and own fields that the file brought stay."
    undo = reverse("imports:undo", args=[import_id])
    assert stays in page.get(undo).content.decode()
    page.post(undo)
    jobs.work(clock.now())
    undone = page.get(show).content.decode()
    assert "2 contacts removed" in undone
    assert stays in undone
    assert "See the contacts" not in undone
    assert CustomField.objects.filter(name="budget").exists()
    assert not ContactEmail.objects.exists()


def test_a_file_of_which_no_row_can_be_stored_leads_back_to_its_map(page):
    import_id = upload(page, "Email\nnot an address\n")
    page.post(reverse("imports:map", args=[import_id]), filled(page, import_id))
    shown = page.get(reverse("imports:preview", args=[import_id])).content.decode()
    assert "Every row that was tried is refused" in shown
    assert "Import 0" not in shown
    assert shown.count(f'href="{reverse("imports:map", args=[import_id])}"') >= 2


def test_a_field_made_on_the_way_is_declared_with_its_type(page):
    import_id = upload(page)
    page.post(reverse("imports:map", args=[import_id]), {**filled(page, import_id), **BUDGET})
    page.post(reverse("imports:preview", args=[import_id]))
    jobs.work(clock.now())
    assert CustomField.objects.get(name="budget").type == "number"


def test_the_progress_answers_nothing_while_nothing_has_changed(page):
    import_id = upload(page)
    page.post(reverse("imports:map", args=[import_id]), filled(page, import_id))
    page.post(reverse("imports:preview", args=[import_id]))
    show = reverse("imports:show", args=[import_id])
    htmx = {"HX-Request": "true"}
    mark = page.get(show, headers=htmx).context["standing"].mark
    assert page.get(f"{show}?seen={mark}", headers=htmx).status_code == 204
    jobs.work(clock.now())
    ended = page.get(f"{show}?seen={mark}", headers=htmx)
    assert (ended.status_code, ended["HX-Refresh"]) == (204, "true")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04 nothing more", "cannot be read"),
        (b"\x1f\x8b\x08\x00 cut off", "damaged or cut off"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence_and_not_kept(page, content, sentence, tmp_path):
    answer = page.post(reverse("imports:new"), {"file": SimpleUploadedFile("people.csv", content)})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Import.objects.exists()


def test_what_the_form_lacks_is_said_beside_it_and_nothing_is_lost(page):
    import_id = upload(page)
    given = {
        **filled(page, import_id),
        "c.5.to": "external_id",
        "f.0.kind": "webinar.registered",
        "f.0.at": "",
    }
    answer = page.post(reverse("imports:map", args=[import_id]), given)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Say which system gives this id" in text
    assert "Say which column tells when" in text
    assert answer.context["sheet"].columns[0].to == "email"


def test_two_columns_that_become_one_field_are_refused_beside_the_second(page):
    import_id = upload(page)
    answer = page.post(
        reverse("imports:map", args=[import_id]), {**filled(page, import_id), "c.5.to": "account.name"}
    )
    assert "Another column becomes this already" in answer.content.decode()


def test_facts_are_added_and_removed_without_losing_the_others(page):
    import_id = upload(page)
    where = reverse("imports:map", args=[import_id])
    htmx = {"HX-Request": "true"}
    two = page.post(where, {**filled(page, import_id), **FACT, "act": "add!f"}, headers=htmx)
    facts = two.context["sheet"].facts
    assert [part.values.get("kind", "") for part in facts] == ["webinar.registered", ""]
    one = page.post(
        where, {**filled(page, import_id), **FACT, "f.1.at": "", "act": "remove!f.1"}, headers=htmx
    )
    assert [part.values["kind"] for part in one.context["sheet"].facts] == ["webinar.registered"]
    assert "<html" not in one.content.decode()


def test_the_text_of_a_map_names_every_mistake_with_its_line(page):
    import_id = upload(page)
    where = reverse("imports:map", args=[import_id]) + "?as=text"
    answer = page.post(where, {"map": "contact:\n  email: E-mial\n  titel: Company\n"})
    assert answer.status_code == 422
    assert "Line 3" in answer.content.decode()
    answer = page.post(where, {"map": "contact:\n  email: E-mial\n"})
    assert "Line 2: The file has no column &#x27;E-mial&#x27;" in answer.content.decode()


def test_form_and_text_are_two_sides_of_one_map(page):
    import_id = upload(page)
    where = reverse("imports:map", args=[import_id])
    page.post(where, {**filled(page, import_id), **FACT, **BUDGET})
    text = queries.one(import_id).map_text
    page.post(where + "?as=text", {"map": text})
    sheet = page.get(where).context["sheet"]
    assert sheet.facts[0].values["campaign_value"] == "Webinar 7"
    assert (sheet.columns[5].key, sheet.columns[5].type) == ("budget", "number")
    page.post(where, {**filled(page, import_id), **FACT, **BUDGET})
    assert queries.one(import_id).map_text == text


def test_dates_that_could_be_two_days_name_the_rows_before_anything_is_stored(page):
    import_id = upload(page, "Email,When\na@example.com,03/04/2026\n")
    given = {"c.0.to": "email", "f.0.kind": "webinar.registered", "f.0.at": "When"}
    page.post(reverse("imports:map", args=[import_id]), given)
    shown = page.get(reverse("imports:preview", args=[import_id])).content.decode()
    assert "row 2 (03/04/2026)" in shown
    assert "Import 1 row" not in shown


def test_a_known_export_is_named_and_mapped_already(page, data):
    text = (data / "formats" / "linkedin" / "connections_2020plus_notes_url.csv").read_text(encoding="utf-8")
    import_id = upload(page, text, "Connections.csv")
    shown = page.get(reverse("imports:map", args=[import_id])).content.decode()
    assert "This is an export that Orchard knows" in shown
    page.post(reverse("imports:map", args=[import_id]), filled_with_parts(page, import_id))
    assert queries.one(import_id).known


def filled_with_parts(page, import_id):
    """Return all that the form holds, its facts included."""
    sheet = page.get(reverse("imports:map", args=[import_id])).context["sheet"]
    values = filled(page, import_id)
    for column in sheet.columns:
        for name in ("source", "key", "type", "choices", "currency"):
            values[f"c.{column.place}.{name}"] = getattr(column, name)
    for prefix, parts in (("f", sheet.facts), ("k", sheet.consents)):
        for part in parts:
            if part.raw is not None:
                values[f"{prefix}.{part.place}.raw"] = part.raw_text
            for name, value in part.values.items():
                values[f"{prefix}.{part.place}.{name}"] = value
            values.setdefault(f"{prefix}.{part.place}.at", "")
    return values


def test_somebody_elses_import_may_be_seen_and_not_cancelled(page):
    import_id = upload(page)
    other = Client()
    other.force_login(member(Role.MARKETING, name="Kim Other"))
    assert other.post(reverse("imports:discard", args=[import_id])).status_code == 403
    boss = Client()
    boss.force_login(member(Role.MANAGER))
    assert boss.post(reverse("imports:discard", args=[import_id])).status_code == 302
    assert not Import.objects.exists()


def test_an_import_that_waits_is_cancelled_and_its_file_forgotten(
    page, django_capture_on_commit_callbacks, tmp_path
):
    import_id = upload(page)
    page.post(reverse("imports:map", args=[import_id]), filled(page, import_id))
    page.post(reverse("imports:preview", args=[import_id]))
    with django_capture_on_commit_callbacks(execute=True):
        page.post(reverse("imports:cancel", args=[import_id]))
    made = queries.one(import_id)
    assert (made.state, made.path) == (State.CANCELLED, "")
    assert not [each for each in (tmp_path / "imports").rglob("*") if each.is_file()]
    assert jobs.work(clock.now()) == 0


def test_rejected_rows_come_back_as_a_file(page):
    import_id = upload(page)
    page.post(reverse("imports:map", args=[import_id]), filled(page, import_id))
    page.post(reverse("imports:preview", args=[import_id]))
    jobs.work(clock.now())
    answer = page.get(reverse("imports:rejects", args=[import_id]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "people.rejects.csv" in answer["Content-Disposition"]
    assert text.splitlines()[1].startswith("not an address,Cy,Three,Polkarton,2026-03-03,1,4,")


@pytest.mark.parametrize("hostile", ["[[1]]", "{", '[["email", [3]]]', '"x"'])
def test_a_form_that_was_tampered_with_is_refused_without_a_traceback(page, hostile):
    import_id = upload(page)
    given = {**filled(page, import_id), "kept": hostile, "rest": hostile, "f.0.raw": hostile}
    assert page.post(reverse("imports:map", args=[import_id]), given).status_code in {302, 400, 422}
