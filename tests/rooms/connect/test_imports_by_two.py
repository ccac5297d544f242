"""What holds when two processes store one import in turns: it means what one would make of it, whoever of them dies."""

import csv
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from django.db import connection

from orchard.campaigns.models import ContactSource
from orchard.connect import actions, jobs, queries
from orchard.connect.actions import relay
from orchard.connect.models import Import, RejectedRow, StoredChunk
from orchard.connect.types import State
from orchard.contacts.actions import erase_contact
from orchard.contacts.models import Account, Contact, FieldHistory
from orchard.interactions.models import Interaction
from orchard.kit import beside, clock
from orchard.kit.errors import Refused

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
MAP = """
contact: {email: Email, full_name: Name, title: Title, account.name: Company}
interactions:
  - {kind: form.submitted, at: When, campaign: Source}
"""
COLUMNS = ("Email", "Name", "Title", "Company", "When", "Source")


@pytest.fixture(autouse=True)
def home(own_database, settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


def begun(rows, *, map_text=MAP, loud=False):
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *rows])
    import_id = actions.begin(file_name="people.csv", upload=io.BytesIO(text.getvalue().encode()), now=NOW)
    actions.describe(import_id=import_id, map_text=map_text, loud=loud)
    actions.launch(import_id=import_id, now=NOW)
    return import_id


def people(count):
    return [
        (f"p{n}@example.com", f"Person {n}", "Buyer", f"Company {n % 7}", f"2026-03-01T10:{n % 60:02}:00Z", "Fair")
        for n in range(count)
    ]  # fmt: skip


def crowd(world):
    """Return rows of few people who come again and again with other titles and companies, some rows broken."""
    chance = random.Random(20_261_125)
    for number in range(130):
        who = chance.randrange(30)
        address = f"p{who}@{world}.example" if number % 17 else "nobody"
        company = f"{world} {chance.randrange(6)}"
        yield (
            address,
            f"Person {who}",
            f"Title {chance.randrange(4)}",
            company,
            f"2026-03-{1 + number % 28:02}",
            "",
        )


def made_of(world, import_id):
    """Return everything that came of a crowd, without the name of its world."""

    def bare(value):
        return str(value).replace(world, "")

    contacts = {
        each.id: each for each in Contact.objects.filter(emails__normal__endswith=f"@{world}.example")
    }
    accounts = {each.id: bare(each.name) for each in Account.objects.filter(name__startswith=world)}
    history = FieldHistory.objects.filter(entity="contact", entity_id__in=contacts).order_by("id")
    facts = Interaction.objects.filter(contact_id__in=contacts, kind="form.submitted")
    name = {identity: each.full_name for identity, each in contacts.items()}
    return {
        "people": sorted((each.full_name, each.title, accounts[each.account_id]) for each in contacts.values()),
        "companies": sorted(accounts.values()),
        "history": [
            (name[each.entity_id], each.field, accounts[each.value] if each.field == "account_id" else each.value)
            for each in history
        ],
        "told": Counter(
            (name[fact.contact_id], fact.kind)
            for fact in Interaction.objects.filter(contact_id__in=contacts, kind__startswith="contact.")
        ),
        "facts": Counter((name[fact.contact_id], fact.occurred_at) for fact in facts),
        "rejects": list(RejectedRow.objects.filter(made_by=import_id).order_by("row").values_list("row", "reason")),
    }  # fmt: skip


def helpers():
    return [each for each in psutil.Process().children() if "orchard.kit.beside" in each.cmdline()]


def whole(import_id, rows):
    """Whether everything of an import is stored, and once."""
    made = Import.objects.get(id=import_id)
    assert (made.state, made.rows, made.created, made.interactions) == (State.DONE, rows, rows, rows)
    assert (made.people_row, made.last_row) == (rows + 1, rows + 1)
    assert Contact.objects.count() == Interaction.objects.filter(kind="form.submitted").count() == rows
    assert Interaction.objects.filter(kind="contact.created").count() == rows
    assert Account.objects.count() == 7
    assert not StoredChunk.objects.exists()


def test_two_processes_make_of_a_file_what_one_makes_of_it(monkeypatch):
    own_chunks = Counter()
    found, counts = {}, {}
    for world, cores in (("one", 1), ("two", 2)):
        monkeypatch.setattr(relay.os, "cpu_count", lambda cores=cores: cores)
        import_id = begun(crowd(world))
        counts[world] = actions.run(
            import_id=import_id, chunk=10, progress=lambda _, world=world: own_chunks.update([world])
        )
        found[world] = made_of(world, import_id)
    assert own_chunks == {"one": 13, "two": 7}, "the other process stored every other chunk"
    assert counts["one"] == counts["two"]
    assert found["one"] == found["two"]
    assert found["two"]["rejects"]
    assert len(found["two"]["people"]) > 20


def test_where_the_second_process_dies_the_first_goes_on_alone():
    import_id = begun(people(200))
    killed = []

    def kill(_):
        for helper in () if killed else helpers():
            helper.send_signal(signal.SIGKILL)
            killed.append(helper)

    actions.run(import_id=import_id, chunk=10, progress=kill)
    assert len(killed) == 1
    whole(import_id, 200)


class Killed(BaseException):
    pass


def killed_at(monkeypatch, import_id, step, *, chunk=10, place=1):
    """Run an import by one process up to a step, and leave it as a kill would; return when its lease is over."""
    monkeypatch.setattr(relay.os, "cpu_count", lambda: 1)
    real, calls = getattr(relay, step), []

    def kill(*given, **named):
        calls.append(given)
        if len(calls) == place:
            raise Killed
        return real(*given, **named)

    with monkeypatch.context() as broken:
        broken.setattr(relay, step, kill)
        with pytest.raises(Killed):
            actions.run(import_id=import_id, chunk=chunk)
    return Import.objects.get(id=import_id).claimed_until


def test_what_was_stored_of_people_before_a_kill_gets_its_facts_afterwards(monkeypatch):
    import_id = begun(people(60))
    later = killed_at(monkeypatch, import_id, "store_facts", chunk=20)
    made = Import.objects.get(id=import_id)
    assert (made.people_row, made.last_row, made.created, made.interactions) == (21, 0, 20, 0)
    with clock.at(later):
        assert jobs.work(later) == 1
    whole(import_id, 60)


def test_a_kill_between_people_and_facts_changes_nothing_of_what_comes_out(monkeypatch):
    found = {}
    for world in ("whole", "killed"):
        monkeypatch.setattr(relay.os, "cpu_count", lambda: 1)
        import_id = begun(crowd(world))
        if world == "killed":
            for place in (4, 2):
                later = killed_at(monkeypatch, import_id, "store_facts", place=place)
                Import.objects.filter(id=import_id).update(claimed_until=NOW)
        actions.run(import_id=import_id, chunk=10)
        found[world] = made_of(world, import_id)
    assert later > NOW
    assert found["whole"] == found["killed"]


def test_an_edit_after_a_kill_stays_and_the_facts_come_nevertheless(monkeypatch):
    import_id = begun(people(20))
    later = killed_at(monkeypatch, import_id, "store_facts")
    Contact.objects.filter(emails__normal="p3@example.com").update(title="Head of Purchasing")
    with clock.at(later):
        actions.run(import_id=import_id, chunk=10)
    assert Contact.objects.get(emails__normal="p3@example.com").title == "Head of Purchasing"
    whole(import_id, 20)


def test_who_was_erased_before_the_facts_came_is_told_nothing_of(monkeypatch):
    import_id = begun(people(20))
    later = killed_at(monkeypatch, import_id, "store_facts")
    erased = Contact.objects.get(emails__normal="p3@example.com").id
    erase_contact(contact_id=erased, now=NOW, actor_id=None)
    with clock.at(later):
        actions.run(import_id=import_id, chunk=10)
    assert not Interaction.objects.filter(contact_id=erased, kind="form.submitted").exists()
    assert not ContactSource.objects.filter(contact=erased).exists()
    assert Interaction.objects.filter(kind="form.submitted").count() == 19


def test_a_file_that_changed_since_its_import_was_killed_is_refused_in_a_sentence(monkeypatch):
    import_id = begun(people(20))
    later = killed_at(monkeypatch, import_id, "store_facts")
    path = Path(Import.objects.get(id=import_id).path)
    path.write_text("\n".join(path.read_text().splitlines()[:6]))
    with clock.at(later), pytest.raises(Refused, match="The file has changed"):
        actions.run(import_id=import_id, chunk=10)
    assert queries.one(import_id).state == State.FAILED


@pytest.mark.parametrize("how", ["loud", "consent"])
def test_nobody_is_seen_without_the_facts_where_somebody_is_told_or_consent_is_said(monkeypatch, how):
    consent = "consent:\n  - {purpose: newsletter, at: When}\n" if how == "consent" else ""
    import_id = begun(people(20), map_text=MAP + consent, loud=how == "loud")
    killed_at(monkeypatch, import_id, "store_facts", place=2)
    assert Contact.objects.count() == Interaction.objects.filter(kind="form.submitted").count() == 10
    made = Import.objects.get(id=import_id)
    assert made.people_row == made.last_row == 11


def test_where_no_second_process_can_be_started_the_first_does_it_all(monkeypatch):
    def refuse(*_, **__):
        raise OSError(11, "no process left")

    monkeypatch.setattr(beside.subprocess, "Popen", refuse)
    import_id = begun(people(100))
    actions.run(import_id=import_id, chunk=10)
    whole(import_id, 100)


def test_a_cancelled_import_of_two_ends_with_the_facts_of_everybody_it_has_stored():
    import_id = begun(people(200))

    def cancel(_):
        if Import.objects.get(id=import_id).state == State.RUNNING:
            actions.cancel(import_id=import_id, now=NOW)

    actions.run(import_id=import_id, chunk=10, progress=cancel)
    made = queries.one(import_id)
    assert made.state == State.CANCELLED
    assert 10 <= made.rows <= 40
    assert made.people_row == made.last_row == made.rows + 1
    assert Contact.objects.count() == made.interactions == made.rows
    assert helpers() == []


RUN = """
import django; django.setup()
from django.db import connection
connection.settings_dict["NAME"] = {name!r}
from orchard.connect import actions
actions.run(import_id={import_id}, chunk=25)
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_both_processes_killed_again_and_again_store_every_row_once():
    chance, rows, kills = random.Random(20_261_125), 6_000, 6
    import_id = begun(people(rows))
    name = connection.settings_dict["NAME"]
    later = clock.now()
    for _ in range(kills):
        before = Import.objects.get(id=import_id).rows
        Import.objects.filter(id=import_id).update(claimed_until=later)  # the lease of who was killed is over
        first = subprocess.Popen([sys.executable, "-c", RUN.format(name=name, import_id=import_id)])
        wanted = before + chance.randrange(200, 900)
        while Import.objects.get(id=import_id).rows < wanted:
            assert first.poll() is None, "it ended before it was killed"
            time.sleep(0.01)
        both = psutil.Process(first.pid).children()
        assert len(both) == 1, "a second process takes part"
        os.kill(chance.choice([first.pid, both[0].pid]), signal.SIGKILL)
        time.sleep(chance.uniform(0, 0.3))
        first.kill()
        first.wait()
        _, alive = psutil.wait_procs(both, timeout=30)
        assert not alive, "the second process is gone with the first"
    stopped = Import.objects.get(id=import_id)
    assert stopped.state == State.RUNNING
    Import.objects.filter(id=import_id).update(claimed_until=later)
    assert jobs.work(clock.now()) == 1
    whole(import_id, rows)
