"""A whole company goes into one file and comes back: every table, every row, every rule, every file."""

import os
import stat
import threading
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from orchard.backup import actions, archive, queries, schema
from orchard.backup.types import LEFT_OUT
from orchard.connect.models import Import
from orchard.contacts import actions as contacts
from orchard.contacts.models import Contact
from orchard.engine.models import LakeFile
from orchard.interactions.models import Interaction, Noted
from orchard.journal.models import Entry
from orchard.kit import clock
from orchard.outbox import queries as outbox
from orchard.team.models import Team
from tests.make import database, everything

# What a restore itself writes, beside the paths of uploads, which lie in another home.
WRITTEN = {"outbox_gate", "journal", "import"}


def unlike(before, after):
    """Return the tables that are not as they were."""
    return [name for name in before if name not in LEFT_OUT | WRITTEN and after.get(name) != before[name]]


def test_no_table_of_the_database_is_forgotten(kept):
    with archive.reading(kept.path) as backup:
        manifest = backup.manifest
    with database.inside(kept.name):
        connection.ensure_connection()
        there = schema.tables(connection.connection)
    assert [name for name, rows in kept.rows.items() if not rows] == []
    assert {each.name for each in manifest.tables} | LEFT_OUT == kept.rows.keys() == there.keys()
    assert all(each.columns == there[each.name] and each.rows for each in manifest.tables)
    assert set(manifest.left_out) == LEFT_OUT


def test_a_backup_is_counted_noted_and_for_its_owner_alone(kept):
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert kept.done.tables == len(kept.rows) - len(LEFT_OUT)
    assert kept.done.rows == sum(len(rows) for name, rows in kept.rows.items() if name not in LEFT_OUT)
    assert kept.done.file_bytes == kept.path.stat().st_size
    with database.inside(kept.name):
        assert queries.last().rows == kept.done.rows


def test_every_row_and_every_rule_comes_back_where_nothing_was(kept, home):
    with database.bare(f"{kept.name}_again") as again:
        with database.inside(again):
            done = actions.restore(path=kept.path, now=clock.now()).done
        after = everything.rows(again)
        assert (done.tables, done.rows, done.bytes) == (kept.done.tables, kept.done.rows, kept.done.bytes)
        assert after.keys() == kept.rows.keys()
        assert unlike(kept.rows, after) == []
        assert [name for name in LEFT_OUT if after[name]] == []
        changed = kept.rulebook ^ everything.rulebook(again)
        assert [each for each in changed if "journal_id_seq" not in each] == []


def test_every_row_and_every_rule_comes_back_where_only_the_tables_were(kept, empty):
    actions.restore(path=kept.path, now=clock.now())
    assert unlike(kept.rows, everything.rows(empty)) == []
    changed = kept.rulebook ^ everything.rulebook(empty)
    assert [each for each in changed if "journal_id_seq" not in each] == []


def test_afterwards_nothing_leaves_the_ledger_goes_on_and_the_journal_knows(kept, empty):
    before, noted = len(kept.rows["interaction"]), len(kept.rows["ledger_noted"])
    restored = actions.restore(path=kept.path, now=clock.now())
    assert not outbox.standing().open
    assert outbox.standing().reason.startswith("Restored from the backup of ")
    assert restored.waiting == outbox.standing().waiting
    assert Entry.objects.order_by("-id")[0].action == "backup.restored"
    assert Noted.objects.count() == noted, "loading facts is no new fact"
    person = contacts.create_contact(full_name="New", now=clock.now())
    assert Noted.objects.count() > noted
    assert Interaction.objects.count() > before
    assert person > max(Contact.objects.exclude(id=person).values_list("id", flat=True))
    with pytest.raises(Exception, match="never changed"):
        Interaction.objects.all().delete()


def test_uploads_come_along_and_the_lake_is_made_anew(kept, empty, home):
    actions.restore(path=kept.path, now=clock.now())
    upload = Path(Import.objects.exclude(path="").filter(file_name="people.csv").get().path)
    assert upload.is_relative_to(home)
    assert upload.read_bytes() == b"name\nAda\n"
    assert LakeFile.objects.exists(), "the manifest comes along; whatever file of it is gone is written anew"
    assert not (home / "lake").exists()


def test_what_is_committed_meanwhile_is_seen_whole_or_not_at_all(own_database, home, tmp_path):
    """Rows that are written in pairs, into a table that is read early and one that is read late, come in pairs."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO seen (key) SELECT gen_random_uuid() FROM generate_series(1, 60000)")
    stop = threading.Event()

    def write():
        with psycopg.connect(**database.parameters(own_database)) as other:
            for number in range(100_000):
                other.execute(
                    "INSERT INTO account (id, name, name_key, custom, created_at, updated_at)"
                    " VALUES (%s, 'A', 'a', '{}', now(), now())",
                    [number + 1],
                )
                other.execute(
                    "INSERT INTO team (name, code, created_at) VALUES (%s, %s, now())",
                    [str(number), str(number)],
                )
                other.commit()
                if stop.is_set():
                    return

    thread = threading.Thread(target=write)
    thread.start()
    try:
        done = actions.back_up(path=tmp_path / "busy.backup", now=clock.now())
    finally:
        stop.set()
        thread.join()
    with archive.reading(tmp_path / "busy.backup") as backup:
        rows = {each.name: each.rows for each in backup.manifest.tables}
    assert rows["account"] == rows["team"]
    assert done.rows > 60_000


@pytest.mark.slow
def test_the_backup_of_a_former_version_is_brought_to_this_one(
    django_db_setup, home, tmp_path, django_db_blocker
):
    path = tmp_path / "older.backup"
    with django_db_blocker.unblock():
        with database.bare(f"older_{os.getpid()}") as older, database.inside(older):
            executor = MigrationExecutor(connection)
            former = {"outbox": "0001_initial", "contacts": "0005_holds", "backup": None}
            leaves = [(app, former.get(app, name)) for app, name in executor.loader.graph.leaf_nodes()]
            executor.migrate(leaves)
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO team (name, code, created_at) VALUES ('Ä', 'a', now())")
            done = actions.back_up(path=path, now=clock.now())
        with database.bare(f"newer_{os.getpid()}") as newer, database.inside(newer):
            assert actions.restore(path=path, now=clock.now()).done.rows == done.rows
            executor = MigrationExecutor(connection)
            assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
            assert [team.name for team in Team.objects.all()] == ["Ä"]
            assert not outbox.standing().open
