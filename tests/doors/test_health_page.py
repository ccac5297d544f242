"""The page that says how Orchard is, and the button that tries a stuck contact again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from orchard import flow
from orchard.backup.models import Made
from orchard.demo.models import Loading
from orchard.interactions import actions
from orchard.interactions.models import Cursor, Stuck
from orchard.interactions.types import NewFact
from orchard.journal.models import Entry
from orchard.kit import clock
from orchard.kit.slow import Slow
from orchard.kit.words import Phrase
from orchard.outbox import actions as outbox
from orchard.outbox import queries as outbox_queries
from orchard.outbox.models import Gate, Message
from orchard.outbox.types import restored
from orchard.reports import queries as reports
from orchard.team.types import Role, Side
from orchard.watch import actions as watch
from orchard.web import permissions
from orchard.web.manage import places
from tests.make import agreements, machines
from tests.make.members import member

pytestmark = pytest.mark.django_db

CLASSIFY = flow.consumer("interactions.classify")


@pytest.fixture
def admin(client):
    person = member(Role.ADMIN)
    client.force_login(person)
    return person


def page(client) -> str:
    return client.get(reverse("health:show")).content.decode()


def happened(contact_id=7):
    actions.append(
        [NewFact("email.clicked", datetime(2026, 5, 1, tzinfo=UTC), contact_id=contact_id)], now=clock.now()
    )


def poison():
    """Let a consumer fail on the contact that `happened`."""

    def fail(_batch):
        raise ValueError("a fact that cannot be")

    happened()
    broken = replace(CLASSIFY, function=fail)
    actions.drain([broken])
    return Stuck.objects.get()


def in_order():
    """Let there be whoever and whatever a house needs, and let everything be read."""
    agreements.in_force()
    member(Role.ADMIN, signs_for=(Side.SALES, Side.MARKETING))
    Made.objects.create(at=clock.now(), path="x", tables=9, rows=9, bytes=9, file_bytes=9, seconds=9)
    for part in ("live", "bulk", "work"):
        watch.beat(part=part, host="here", pid=1, memory=50_000_000, now=clock.now())
    actions.drain(flow.CONSUMERS)


def test_a_house_in_order_says_so(client, admin, monkeypatch):
    machines.roomy(monkeypatch)
    in_order()
    said = page(client)
    assert "All is well." in said
    assert "All parts of the worker are at work." in said
    for consumer in flow.CONSUMERS:
        assert consumer.name in said
        assert consumer.says in said or "&#x27;" in said


def test_what_is_not_well_stands_first_with_what_to_do(client, admin):
    said = page(client)
    assert "1 thing is broken: Worker." in said
    assert said.index("The worker has not been seen within a day.") < said.index(
        "Start <code>orchard worker</code>"
    )
    assert said.index("Start <code>orchard worker</code>") < said.index("PostgreSQL 1")
    assert said.index("No agreement is in force") < said.index("It may do what it must.")


def test_the_slowest_statements_are_shown_with_the_page_they_belong_to(client, admin):
    watch.keep_slow([Slow("SELECT ? FROM lead", "leads:show", 3, 3_000, 1_234)], now=clock.now())
    said = page(client)
    assert "SELECT ? FROM lead" in said
    assert "leads:show" in said
    assert "people waited for a page 3 times, for up to 1.2 seconds; there is nothing to do." in said


def test_every_page_has_a_name_in_words():
    """Where the navigation has none, `places` must."""
    parts = {name.partition(":")[0] for name in permissions.PERMISSIONS if ":" in name}
    assert [part for part in sorted(parts) if places.named(f"{part}:x", []) == "Other pages"] == []
    assert places.named("contacts:show", []) == "Contacts"
    assert places.named("leads.basket", flow.CONSUMERS) == "Basket"


def test_the_page_answers_before_any_reader_has_begun(client, admin):
    Cursor.objects.all().delete()
    assert "not yet" in page(client)


def test_facts_without_a_place_and_readers_behind_are_counted(client, admin):
    happened()
    said = page(client)
    assert "facts so far: 0." in said
    assert "1 batch is about to be put in its place." in said
    actions.ensure_cursors(flow.CONSUMERS)
    actions.place()
    said = page(client)
    assert "facts so far: 1." in said
    assert "put in its place" not in said
    readers = reports.health(flow.CONSUMERS).readers
    assert {(reader.live, reader.bulk) for reader in readers} == {(1, 0)}, "no fact of the other lane"


def test_a_stuck_contact_is_shown_with_its_error_and_tried_again(client, admin):
    stuck = poison()
    said = page(client)
    assert "Orchard could not work through what happened with 1 contact" in said
    assert "What happened since does not count towards scores." in said
    assert "If a contact stays, the program is at fault" in said
    assert "ValueError in test_health_page.py" in said
    assert "a fact that cannot be" not in said, "nobody knows whom an error quotes"
    answer = client.post(reverse("health:retry", args=[stuck.id]), follow=True)
    assert "nothing of this contact is stuck there any more" in answer.content.decode()
    assert not Stuck.objects.exists()
    gone = client.post(reverse("health:retry", args=[stuck.id]))
    assert (gone.status_code, "not stuck any more" in gone.content.decode()) == (404, True)


def test_a_manager_sees_what_is_stuck_but_only_an_admin_tries_again():
    stuck = poison()
    manager = Client()
    manager.force_login(member(Role.MANAGER))
    said = page(manager)
    assert "ValueError in test_health_page.py" in said
    assert "a fact that cannot be" not in said, "nobody knows whom an error quotes"
    assert reverse("health:retry", args=[stuck.id]) not in said
    assert manager.post(reverse("health:retry", args=[stuck.id])).status_code == 403
    assert Stuck.objects.exists()


def test_mail_that_waits_or_was_given_up_and_a_closed_gate_are_told(client, admin):
    outbox.put(channel="email", recipient="a@b.example", payload={}, unique_key="1", now=clock.now())
    Message.objects.create(
        unique_key="2",
        channel="email",
        recipient="no@b.example",
        state="failed",
        error="SMTPRecipientsRefused: 550",
        due_at=clock.now(),
        done_at=clock.now(),
        created_at=clock.now(),
    )
    Gate.objects.update_or_create(id=1, defaults={"open": False, "reason": "restored from a backup"})
    said = page(client)
    assert "so nothing leaves the house" in said
    assert "1 message was given up within a week." in said
    assert "restored from a backup" in said
    assert "no@b.example" in said
    assert "SMTPRecipientsRefused" in said


def test_an_admin_opens_the_gate_after_reading_how_much_would_leave(client, admin):
    outbox.put(channel="email", recipient="a@b.example", payload={}, unique_key="1", now=clock.now())
    outbox.close(reason="Restored from the backup of 1 May 2026.", now=clock.now())
    assert reverse("health:gate") in page(client)
    asked = client.get(reverse("health:gate")).content.decode()
    assert "1 message would leave at once" in asked
    assert "Restored from the backup of 1 May 2026." in asked
    assert not outbox.is_open(), "reading opens nothing"
    said = client.post(reverse("health:gate"), follow=True).content.decode()
    assert "The gate is open; 1 message leaves now." in said
    assert Entry.objects.get(action="outbox.opened").actor_id == admin.id
    again = client.post(reverse("health:gate"))
    assert (again.status_code, "open already" in again.content.decode()) == (409, True)


@pytest.mark.parametrize(("since_the_end", "is_ill"), [(None, False), (20, False), (120, True)])
def test_a_demo_that_was_just_told_is_given_a_minute_until_its_worker_is_up(
    client, admin, since_the_end, is_ill
):
    now = clock.now()
    ended = now - timedelta(seconds=since_the_end) if since_the_end else None
    Loading.objects.create(
        size="small", seed=7, until=now, weeks=78, week=78, told_until=now, finished_at=ended
    )
    assert ("The worker has not been seen" in page(client)) is is_ill


def test_why_the_gate_is_closed_is_told_in_the_language_of_who_reads_it(client, admin):
    reason = Phrase("The home of this installation was copied or moved to {place}.", place="/srv/orchard")
    outbox.close(reason=reason, now=clock.now())
    german = "wurde nach /srv/orchard kopiert oder verschoben"
    for address in ("health:show", "health:gate", "audit:list"):
        assert german in client.get(reverse(address), HTTP_ACCEPT_LANGUAGE="de").content.decode(), address
    assert reason in client.get(reverse("health:show")).content.decode()
    outbox.close(reason=restored(datetime(2026, 5, 1, 9, tzinfo=UTC)), now=clock.now())
    assert outbox_queries.standing().reason == "Restored from the backup of 1 May 2026, 09:00 UTC."


def test_a_manager_sees_the_closed_gate_and_cannot_open_it():
    outbox.close(reason="We move.", now=clock.now())
    manager = Client()
    manager.force_login(member(Role.MANAGER))
    said = page(manager)
    assert "We move." in said
    assert reverse("health:gate") not in said
    assert manager.post(reverse("health:gate")).status_code == 403
    assert not outbox.is_open()


def test_the_last_backup_is_told(client, admin):
    assert "none yet" in page(client)
    Made.objects.create(at=clock.now(), path="/x", tables=1, rows=1, bytes=1, file_bytes=3 * 2**20, seconds=1)
    assert "3.0\xa0MB" in page(client)
