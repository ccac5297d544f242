"""What an import promises: no row lost, nothing twice, survives a kill, can be cancelled and undone."""

import io
from datetime import UTC, datetime

import pytest

from orchard import flow
from orchard.campaigns.models import Campaign, ContactSource
from orchard.connect import actions, csv, jobs, queries
from orchard.connect.models import Import, RejectedRow
from orchard.connect.types import Lost, State
from orchard.contacts.models import Consent, Contact, ContactEmail
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.models import Interaction
from orchard.kit import clock
from orchard.kit.errors import Conflict, Refused

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

MAP = """
contact:
  email: Email
  first_name: First
  last_name: Last
  account.name: Company
interactions:
  - {kind: form.submitted, at: When, campaign: Source, only_if: When}
consent:
  - {purpose: newsletter, at: When, only_if: Opted in, wording: Yes please}
"""

HEADER = "Email,First,Last,Company,When,Source,Opted in\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


def begun(rows, map_text=MAP, *, loud=False):
    content = HEADER + "".join(f"{row}\n" for row in rows)
    import_id = actions.begin(file_name="people.csv", upload=io.BytesIO(content.encode()), now=NOW)
    actions.describe(import_id=import_id, map_text=map_text, loud=loud)
    return import_id


def imported(rows, **how):
    import_id = begun(rows, **how)
    actions.launch(import_id=import_id, now=NOW)
    return import_id, actions.run(import_id=import_id)


def person(number, when="2026-03-01", opted=""):
    return f"p{number}@example.com,Pat,Person {number},Company {number % 3},{when},Fair,{opted}"


def test_rows_become_contacts_with_accounts_facts_sources_and_consent():
    _, counts = imported([person(1, opted="yes"), person(2)])
    assert (counts.rows, counts.created, counts.interactions) == (2, 2, 2)
    contact = ContactEmail.objects.get(normal="p1@example.com").contact
    assert (contact.full_name, contact.account.name) == ("Pat Person 1", "Company 1")
    assert ContactSource.objects.get(contact=contact).campaign.name == "Fair"
    assert Consent.objects.get(contact=contact).granted


def test_the_same_file_twice_changes_nothing():
    rows = [person(number, opted="yes") for number in range(30)]
    imported(rows)
    before = Interaction.objects.count()
    _, counts = imported(rows)
    assert (counts.unchanged, counts.created, counts.updated, counts.interactions) == (30, 0, 0, 0)
    assert Interaction.objects.count() == before
    assert Consent.objects.count() == 30


def test_accepted_and_rejected_rows_are_all_rows_and_each_reject_says_why():
    import_id, counts = imported(
        [person(1), "not an address,A,B,C,2026-01-01,,", ",,,,,,x", person(2, when="soon")]
    )
    assert (counts.rows, counts.created, counts.rejected) == (4, 1, 3)
    reasons = {each.number: each.reason for each in queries.rejects(import_id)}
    assert set(reasons) == {3, 4, 5}
    assert "soon" in reasons[5]


def test_rejected_rows_come_back_as_a_file_with_their_cells_and_no_formula(tmp_path):
    import_id, _ = imported([person(1), "=cmd()|'x',A,B,C,2026-01-01,,"])
    target = tmp_path / "rejects.csv"
    assert queries.write_rejects(import_id, target) == 1
    text = target.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "Email,First,Last,Company,When,Source,Opted in,row,reason"
    assert "'=cmd()|'x'" in text


def test_mended_rejects_come_in_by_the_same_map_however_the_first_file_was_written(tmp_path):
    notes = "Made for the fair\n\n".encode("cp1252")
    rows = "Mail;Nom\nnone;Zoë\nbo@example.com;Bo\n".encode("cp1252")
    map_ = "contact: {email: Mail, full_name: Nom}\nfile: {encoding: cp1252, header_row: 3, delimiter: ';'}\n"
    target = tmp_path / "people.rejects.csv"
    for content, created in ((lambda: notes + rows, 1), (target.read_bytes, 1)):
        import_id = actions.begin(file_name="people.csv", upload=io.BytesIO(content()), now=NOW)
        actions.describe(import_id=import_id, map_text=map_)
        actions.launch(import_id=import_id, now=NOW)
        assert actions.run(import_id=import_id).created == created
        queries.write_rejects(import_id, target)
        target.write_bytes(target.read_bytes().replace(b"none;", b"zoe@example.com;"))
    assert Contact.objects.get(emails__normal="zoe@example.com").full_name == "Zoë"


def test_mended_rejects_of_a_webinar_still_say_which_webinar_it_was(data, tmp_path):
    whole = (data / "formats/zoom/attendee_report_us_crlf_bom.csv").read_bytes()
    address = next(csv.read(data / "formats/zoom/attendee_report_us_crlf_bom.csv").rows()).emails[0].typed
    target = tmp_path / "report.rejects.csv"
    told = []
    for content in (lambda: whole.replace(address.encode(), b"unknown"), target.read_bytes):
        import_id = actions.begin(file_name="report.csv", upload=io.BytesIO(content()), now=NOW)
        actions.launch(import_id=import_id, now=NOW)
        told.append(actions.run(import_id=import_id).rejected)
        queries.write_rejects(import_id, target)
        target.write_bytes(target.read_bytes().replace(b"unknown", address.encode()))
    assert told[0] > 0
    assert told[1] == 0
    assert Campaign.objects.count() == 1
    assert ContactEmail.objects.filter(normal=address.lower(), contact__sources__isnull=False).exists()


def test_a_row_refused_only_when_stored_comes_back_with_its_cells_too():
    with_id = MAP.replace("email: Email", "email: Email\n  external_id: {source: erp, column: Last}")
    imported(["a@example.com,Ann,One,X,,,", "b@example.com,Bob,Two,X,,,"], map_text=with_id)
    import_id, counts = imported(["a@example.com,Ann,Two,X,,,"], map_text=with_id)
    assert counts.rejected == 1
    (reject,) = queries.rejects(import_id)
    assert reject.cells[:3] == ["a@example.com", "Ann", "Two"]
    assert reject.reason


def test_what_was_stored_before_a_kill_is_not_stored_again():
    import_id = begun([person(number) for number in range(35)])
    actions.launch(import_id=import_id, now=NOW)

    class Killed(BaseException):
        pass

    def kill(done):
        if done >= 20:
            raise Killed

    with pytest.raises(Killed):
        actions.run(import_id=import_id, progress=kill, chunk=10)
    assert Import.objects.get(id=import_id).rows == 20
    with pytest.raises(Lost):
        actions.run(import_id=import_id)
    later = Import.objects.get(id=import_id).claimed_until
    with clock.at(later):
        assert jobs.work(later) == 1
    made = queries.one(import_id)
    assert (made.state, made.rows, made.created) == (State.DONE, 35, 35)
    assert Interaction.objects.filter(kind="form.submitted").count() == 35


def test_a_cancelled_import_stops_and_keeps_what_it_has():
    import_id = begun([person(number) for number in range(35)])
    actions.launch(import_id=import_id, now=NOW)

    def cancel(done):
        if done == 10:
            actions.cancel(import_id=import_id, now=NOW)

    actions.run(import_id=import_id, progress=cancel, chunk=10)
    made = queries.one(import_id)
    assert (made.state, made.rows) == (State.CANCELLED, 10)
    assert Contact.objects.count() == 10


def test_an_undone_import_leaves_the_world_as_it_was():
    imported([person(1)])
    known = Contact.objects.get()
    import_id, _ = imported(["p1@example.com,Patricia,Person 1,Elsewhere,2026-04-01,Web,yes", person(2)])
    actions.undo(import_id=import_id, now=NOW)
    assert jobs.work(NOW) == 1
    ledger.drain(flow.CONSUMERS)
    known.refresh_from_db()
    assert (known.first_name, known.account.name) == ("Pat", "Company 1")
    assert not ContactEmail.objects.filter(normal="p2@example.com").exists()
    assert [fact.kind for fact in facts.facts_of([known.id]) if fact.kind == "form.submitted"] == [
        "form.submitted"
    ]
    assert not Consent.objects.exists()
    assert queries.one(import_id).state == State.UNDONE


def test_an_import_is_undone_only_once_and_only_when_it_has_ended():
    import_id = begun([person(1)])
    with pytest.raises(Conflict):
        actions.undo(import_id=import_id, now=NOW)
    actions.launch(import_id=import_id, now=NOW)
    actions.run(import_id=import_id)
    actions.undo(import_id=import_id, now=NOW)
    with pytest.raises(Conflict):
        actions.undo(import_id=import_id, now=NOW)


def test_a_rehearsal_says_what_would_happen_and_does_nothing():
    import_id = begun([person(1), person(2), "nobody,,,,,,"])
    counts = actions.rehearse(import_id=import_id)
    assert (counts.rows, counts.created, counts.rejected) == (3, 2, 1)
    assert Contact.objects.count() == Interaction.objects.count() == RejectedRow.objects.count() == 0
    assert queries.one(import_id).state == State.DRAFT


def test_a_rehearsal_is_nothing_that_a_worker_takes_up():
    import_id = begun([person(1), person(2)])
    seen = []

    def look(_):
        seen.append(jobs.work(clock.now()))

    actions.rehearse(import_id=import_id, progress=look)
    assert seen == [0]
    assert Contact.objects.count() == 0


def test_what_was_left_out_of_rows_is_counted_once_also_after_a_kill():
    map_text = "contact: {email: Email, account.city: Company}\n"
    import_id = begun([person(number) for number in range(30)], map_text=map_text)
    actions.launch(import_id=import_id, now=NOW)

    def kill(done):
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.run(import_id=import_id, progress=kill, chunk=10)
    with clock.at(Import.objects.get(id=import_id).claimed_until):
        actions.run(import_id=import_id)
    assert list(Import.objects.get(id=import_id).remarks.values()) == [30]


def test_of_a_row_that_is_refused_nothing_is_remarked():
    map_text = (
        "contact: {email: Email, account.city: Company}\ninteractions:\n- {kind: form.submitted, at: When}\n"
    )
    import_id, counts = imported([person(1), person(2, when="soon")], map_text=map_text)
    assert (counts.rejected, list(Import.objects.get(id=import_id).remarks.values())) == (1, [1])


def test_an_uploaded_file_is_gone_once_it_is_in(tmp_path, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        imported([person(1)])
    assert [path for path in (tmp_path / "imports").rglob("*") if path.is_file()] == []


def test_a_map_that_names_a_column_the_file_lacks_fails_the_import_with_the_sentence():
    import_id = begun([person(1)], map_text=MAP.replace("email: Email", "email: E-mial"))
    actions.launch(import_id=import_id, now=NOW)
    with pytest.raises(Refused, match="no column 'E-mial'"):
        actions.run(import_id=import_id)
    made = queries.one(import_id)
    assert made.state == State.FAILED
    assert "E-mial" in made.error


def test_only_a_loud_import_stands_in_the_live_lane():
    imported([person(1)])
    imported([person(2)], loud=True)
    assert set(Interaction.objects.filter(kind="form.submitted").values_list("bulk", flat=True)) == {
        True,
        False,
    }


def test_unknown_people_are_rejected_where_the_map_says_so():
    imported([person(1)])
    _, counts = imported(
        [person(1, when="2026-05-05"), person(2)], map_text=MAP + "unknown_contacts: reject\n"
    )
    assert (counts.unchanged, counts.rejected, counts.interactions) == (1, 1, 1)
