"""The audit book on its page: who did what to which record, narrowed, sorted, taken along, and for admins alone."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation

from orchard.agreement import actions as agreement
from orchard.api.models import ApiToken
from orchard.campaigns import actions as campaigns
from orchard.connect.models import Import
from orchard.contacts import actions as contacts
from orchard.contacts.types import Entity, FieldType
from orchard.content import actions as content
from orchard.interactions import actions as ledger
from orchard.journal import actions as journal
from orchard.journal.models import Entry
from orchard.journal.types import RECORDS
from orchard.kit import clock
from orchard.reports.queries.audit_words import Details
from orchard.tasks import actions as tasks
from orchard.team import actions as team
from orchard.team.types import Hours, Role, TerritoryFields
from tests.make import agreements
from tests.make.leads import AGREEMENT, drain, happened
from tests.make.members import member
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
BOOK = reverse("audit:list")
VIENNA = TerritoryFields("Vienna", "Europe/Vienna", Hours(frozenset({0, 1}), 540, 1050), "AT")


@pytest.fixture(autouse=True)
def wednesday():
    with clock.at(NOW):
        yield


@pytest.fixture
def admin(client):
    client.force_login(member(Role.ADMIN, name="Ada Root"))
    return client


def wrote(action="lead.return_undone", *, by=None, subject=None, days_ago=0, **details):
    at = NOW - timedelta(days=days_ago)
    journal.record(actor_id=by and by.id, action=action, subject=subject, details=details, now=at)


def test_a_line_says_when_who_did_what_to_whom_with_what(admin):
    lars = member(Role.SALES, name="Lars Berg")
    ada = contacts.create_contact(full_name="Ada Quill", now=NOW)
    wrote("contact.merged", by=lars, subject=("contact", ada), filled=["title", "city"], loser=7)
    page = admin.get(BOOK)
    assert "Lars Berg Joined two contacts Ada Quill all about it loser: 7; filled: title, city" in text_of(
        page
    )
    assert reverse("contacts:show", args=[ada]) in page.content.decode()


def test_what_orchard_did_by_itself_and_records_without_a_name_are_told_as_such(admin):
    wrote("outbox.closed", subject=("doubt", 12))
    assert "Orchard itself Closed the outbox number 12" in text_of(admin.get(BOOK))


def test_what_has_no_words_is_not_kept():
    for action, subject in (("lead.sung", ("lead", 1)), ("lead.accepted", ("choir", 1))):
        with pytest.raises(ValueError, match="has no words"):
            wrote(action, subject=subject)


def test_what_an_earlier_orchard_kept_is_told_by_its_name(admin):
    Entry.objects.create(
        at=NOW, action="badge.read_out", subject_kind="badge_reader", subject_id=3, details={}
    )
    page = text_of(admin.get(BOOK))
    assert "Badge: read out number 3" in page
    assert "Badge reader" in page


def test_a_german_reads_it_in_german(admin):
    wrote("contact.merged", subject=("doubt", 3))
    page = admin.get(BOOK, headers={"accept-language": "de"})
    assert "Zwei Kontakte zusammengeführt" in text_of(page)


def test_the_book_is_narrowed_by_who_what_about_which_record_and_when(admin):
    lars, mei = (member(Role.SALES, name=name) for name in ("Lars Berg", "Mei Tanabe"))
    wrote("lead.accepted", by=lars, subject=("lead", 1))
    wrote("lead.reinstated", by=mei, subject=("lead", 2), days_ago=10)
    wrote("import.started", subject=("import", 1), days_ago=3)

    def found(**asked):
        text = text_of(admin.get(BOOK, asked))
        return [
            each
            for each in ("Accepted a lead", "Let a contact become a lead after all", "Started an import")
            if each in text
        ]

    assert found(who=lars.id) == ["Accepted a lead"]
    assert found(who="0") == ["Started an import"]
    assert found(kind="lead") == ["Accepted a lead", "Let a contact become a lead after all"]
    assert found(kind="lead", record="2") == ["Let a contact become a lead after all"]
    assert found(since="2026-11-20", until="2026-11-22") == ["Started an import"]
    assert found(until="2026-11-15") == ["Let a contact become a lead after all"]
    assert found(who=mei.id, kind="import") == []
    assert found(who="x", kind="nonsense", since="soon", record="-1") == found()


def test_pages_go_on_where_the_last_one_ended(admin):
    for number in range(130):
        wrote("lead.accepted", subject=("lead", 1_000 + number), days_ago=number / 100)
    seen, where = [], BOOK
    while where:
        page = admin.get(where)
        lines = page.context["listed"].page
        seen += [line.subject_id for line in lines.rows if line.kind == "lead"]
        where = f"{BOOK}?cursor={lines.next}" if lines.next else ""
    assert seen == [1_000 + number for number in range(130)]


def test_the_book_is_taken_along_as_a_file_without_formulas(admin):
    wrote("segment.saved", name="=HYPERLINK()", subject=("segment", 5))
    answer = admin.post(BOOK, {"export": "csv"})
    text = b"".join(answer.streaming_content).decode()
    assert "Saved a segment" in text
    assert ",=" not in text


@pytest.mark.parametrize("role", [Role.SALES, Role.MARKETING, Role.MANAGER])
def test_nobody_but_admins_reads_it(client, role):
    client.force_login(member(role))
    assert client.get(BOOK).status_code == 403


def test_a_book_of_a_million_lines_asks_few_questions(admin, django_assert_max_num_queries):
    for number in range(60):
        wrote("contact.changed", subject=("contact", number))
        wrote("lead.accepted", subject=("lead", number))
    for number, kind in enumerate(RECORDS, 1):
        wrote("contact.merged", subject=(kind, number), loser=number, filled=["title"], fields=["city"])
    wrote("lead.returned", subject=("lead", 1), reason="too_early")
    wrote("account.changed", subject=("account", 1), fields=["name"])
    wrote("campaign.changed", subject=("campaign", 1), parent_id=[1, 2], planned_cost=[None, 3])
    wrote("member.changed", subject=("member", 1), team=1, territory=1, to=1)
    with django_assert_max_num_queries(30):
        admin.get(BOOK)


def test_details_are_told_in_words_whatever_they_hold():
    told = partial(Details().told, "member.changed")
    given = {"was": {"role": "sales", "team": None}, "is_new": True, "words": "", "left": [], "n": 1}
    assert told(given) == "was: role Sales, team none; is new: yes; n: 1"
    assert told({"long": "x" * 1_000}).endswith("x…")
    with translation.override("de"):
        assert told({"files": [3], "sessions_ended": 2, "their_own": 1}) == (
            "Dateien: 3; beendete Anmeldungen: 2; their own: 1"
        )


def test_what_sales_does_all_day_stands_in_the_book_and_so_does_taking_it_back(admin):
    lars = member(Role.SALES, name="Lars Berg")
    ada = contacts.create_contact(full_name="Ada Quill", now=NOW)
    mine = {"member_id": lars.id, "now": NOW}
    logged = tasks.log(happened="no_answer", contact_id=ada, key=uuid4(), words="Rang out", **mine)
    tasks.unlog(log_id=logged.id, by=lars.id, now=NOW)
    aside = tasks.put_aside(contact_id=ada, until=date(2026, 12, 1), why="away", **mine)
    tasks.bring_back(aside_id=aside, **mine)
    visit = happened(ada, "show.visited")
    drain()
    (said,) = ledger.discount(interaction_ids=[visit], contact_id=ada, why="machine", **mine)
    ledger.count_again(discount_id=said, contact_id=ada, **mine)
    step = tasks.plan_step(
        what="call", title="Send drawings", made_by=lars.id, due_on=NOW.date(), contact_id=ada, **mine
    )
    tasks.done(task_id=step, by=lars.id, now=NOW)
    tasks.take_back(task_id=step, by=lars.id, now=NOW)
    tasks.drop(task_id=step, by=lars.id, now=NOW)
    page = text_of(admin.get(BOOK))
    for line in (
        "Logged what happened with a contact Ada Quill all about it what happened: Call not answered",
        "Took back what was logged Ada Quill",
        "Put somebody aside Ada Quill all about it until when: 1 Dec 2026; reason: They are away",
        "Brought somebody back into the day Ada Quill",
        "Said that something is not useful Ada Quill all about it reason: A machine did it; entries: 1",
        "Let count again what was said to be not useful Ada Quill all about it entries: 1",
        "Did a step Send drawings",
        "Opened a step again Send drawings",
        "Dropped a step Send drawings",
    ):
        assert f"Lars Berg {line}" in page
    assert "Rang out" not in page


def test_whoever_saves_or_discards_a_draft_of_the_agreement_stands_in_the_book(admin):
    mia = agreements.member("Mia Lang", "marketing")
    agreement.save_draft(member_id=mia.pk, text=AGREEMENT, revision=None, now=NOW)
    agreement.save_draft(member_id=mia.pk, text=AGREEMENT + "# more", revision=1, now=NOW)
    agreement.discard_draft(member_id=mia.pk, revision=2, now=NOW)
    page = text_of(admin.get(BOOK))
    for line in ("Saved the draft of the agreement", "Discarded the draft of the agreement"):
        assert line in page
    assert "Agreement, a discarded draft" in page
    assert "draft: Loop; state of the draft: 2" in page
    assert "engagement" not in page, "the text is kept, and no line to read"


def test_codes_are_told_by_what_they_are_called_and_people_by_their_names(admin):
    lars, mei = (member(Role.SALES, name=name) for name in ("Lars Berg", "Mei Tanabe"))
    agreements.in_force(AGREEMENT)
    ada, twin = (contacts.create_contact(full_name=name, now=NOW) for name in ("Ada Quill", "A. Quill"))
    wrote("lead.returned", by=lars, subject=("lead", 1), reason="too_early")
    wrote("lead.reassigned", by=lars, subject=("lead", 2), **{"from": lars.id, "to": mei.id})
    wrote("contact.merged", by=lars, subject=("contact", ada), loser=twin, filled=[])
    wrote("opportunity.taken_back", by=lars, subject=("opportunity", 3), was="lost")
    page = text_of(admin.get(BOOK))
    for words in (
        "reason: Too early",
        "to whom: Mei Tanabe; from whom: Lars Berg",
        "loser: A. Quill",
        "was: lost",
    ):
        assert words in page
    assert "filled" not in page
    assert "verloren" in text_of(admin.get(BOOK, headers={"accept-language": "de"}))


def test_teams_territories_versions_and_amounts_are_told_by_what_people_call_them(admin):
    root = member(Role.ADMIN, name="Ina Root")
    north = team.add_team(name="North", actor_id=root.id, now=NOW)
    vienna = team.add_territory(fields=VIENNA, actor_id=root.id, now=NOW)
    version = agreements.in_force(AGREEMENT)
    place = {"role": "sales", "team": north, "territory": vienna, "scope": "own", "signs_for": ["sales"]}
    wrote("member.added", subject=("member", root.id), **place)
    moved = {**place, "team": None, "signs_for": []}
    wrote("member.changed", subject=("member", root.id), was=place, **{"is": moved})
    expo = campaigns.create_campaign(name="Expo", currency="EUR", status="planned", now=NOW)
    campaigns.change_campaign(
        campaign_id=expo, values={"planned_cost": 250_000, "status": "done"}, now=NOW, actor_id=None
    )
    wrote("campaign.cost_added", subject=("campaign", expo), amount=-123_450, currency="EUR", what="Stand")
    sale = {"name": "Line 2", "amount": 99_000, "currency": "JPY", "by": "2026-12-24"}
    wrote("opportunity.changed", subject=("opportunity", 3), was=sale)
    wrote("weekly.noted", subject=("weekly_note", 1), week="2026-W07")
    answer = admin.get(BOOK)
    page = text_of(answer)
    for words in (
        "Added a team North",
        "Added a territory Vienna",
        "opens: 09:00",
        "weekdays: Mon, Tue",
        "role: Sales; team: North; scope: the own; signs for: Sales; territory: Vienna",
        "team: none, before: North; signs for: none, before: Sales",
        "planned cost: 2,500.00 EUR, before: none",
        "status: done, before: planned",
        "what for: Stand; amount: -1,234.50 EUR",
        "was: by 24 Dec 2026, name Line 2, amount 99,000 JPY",
        "week: week 7 of 2026",
        "Signed the agreement Agreement, version 1",
    ):
        assert words in page, words
    assert "its number" not in page
    for address in (
        reverse("agreement:version", args=[version.number]),
        reverse("teams:change", args=[north]),
        reverse("territories:change", args=[vienna]),
    ):
        assert f'href="{address}"' in answer.content.decode()


def test_a_line_of_midnight_shows_its_time_as_every_other_does(client):
    client.force_login(member(Role.ADMIN, name="Ada Root", time_zone="Europe/Vienna"))
    midnight = datetime(2026, 11, 25, tzinfo=UTC)
    Entry.objects.create(at=midnight, action="outbox.closed", subject_kind="", subject_id=None, details={})
    assert "25 Nov, 01:00 Orchard itself Closed the outbox" in text_of(client.get(BOOK))


def test_imports_fields_content_views_and_tokens_are_told_by_their_names(admin):
    lars = member(Role.SALES, name="Lars Berg")
    made = Import.objects.create(
        file_name="fair.csv", known="hubspot/contacts", state="done", kept=False, created_at=NOW
    )
    fields = {"entity": Entity.CONTACT, "label": "Packs by hand", "now": NOW, "actor_id": lars.id}
    field = contacts.declare_custom_field(name="by_hand", type=FieldType.TEXT, **fields)
    contacts.archive_custom_field(field_id=field, actor_id=lars.id, now=NOW)
    guide = content.create_content(title="Short runs", now=NOW, actor_id=lars.id)
    view = team.keep_view(
        list_name="contacts",
        name="In the north",
        state={},
        member_id=lars.id,
        is_shared=True,
        starts=False,
        now=NOW,
    )
    token = ApiToken.objects.create(
        name="Website", member=lars, scopes=[], prefix="abcdefgh", secret_hash=uuid4(), created_at=NOW
    )
    wrote("import.done", subject=("import", made.id), file="fair.csv", rows=3)
    wrote("content.created", subject=("content", guide))
    wrote("view.overwritten", subject=("view", view), name="In the north", list="contacts", of=lars.id)
    wrote("facts.stated", subject=("api_token", token.id), new=2)
    answer = admin.get(BOOK)
    page = text_of(answer)
    for words in (
        "Ended an import fair.csv, hubspot/contacts all about it rows: 3",
        "Put a custom field away Packs by hand",
        "Added content Short runs",
        "In the north, kept by Lars Berg all about it of whom: Lars Berg; list: contacts",
        "Told facts by REST Website",
    ):
        assert words in page, words
    assert reverse("imports:show", args=[made.id]) in answer.content.decode()


def test_what_is_gone_is_told_by_the_name_that_the_book_kept_else_by_its_number_and_leads_nowhere(admin):
    lars = member(Role.SALES, name="Lars Berg")
    view = team.keep_view(
        list_name="contacts",
        name="In the north",
        state={},
        member_id=lars.id,
        is_shared=True,
        starts=False,
        now=NOW,
    )
    boss = member(Role.MANAGER, name="Mia Lang")
    team.remove_view(view_id=view, actor_id=boss.id, now=NOW)
    north = team.add_team(name="North", actor_id=boss.id, now=NOW)
    team.remove_team(team_id=north, actor_id=boss.id, now=NOW)
    wrote("import.started", subject=("import", 77))
    answer = admin.get(BOOK)
    page = text_of(answer)
    for words in (
        "Removed a saved view In the north (gone)",
        "Removed a team North (gone)",
        "import 77 (gone)",
    ):
        assert words in page, words
    assert reverse("teams:change", args=[north]) not in answer.content.decode()


def test_a_hash_is_cut_where_it_is_read_and_whole_in_the_file(admin):
    code = "0123456789ab" + "f" * 52
    wrote("agreement.signed", subject=("agreement", 1), text_hash=code, side="sales")
    page = admin.get(BOOK).content.decode()
    assert f'<code title="{code}">0123456789ab…</code>' in page
    answer = admin.post(BOOK, {"export": "csv"})
    assert code in b"".join(answer.streaming_content).decode()
