"""What the lake promises: the same facts as the database, in files that readers can trust."""

import io
import os
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection

from orchard import flow
from orchard.engine import lake
from orchard.engine.duck import Duck, Files, Limits
from orchard.engine.models import LakeFile, LakeTable
from orchard.engine.types import Query
from orchard.interactions import actions, queries
from orchard.interactions.types import NewFact

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_lake(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


def happened(*contacts, kind="form.submitted", at=NOW):
    ids = actions.append(
        [NewFact(kind, at, contact_id=each, amount=each or None) for each in contacts], now=NOW
    )
    actions.drain([flow.consumer("interactions.classify")])
    return ids


COLUMNS = "pos, interaction_id, contact_id, kind, occurred_at, direction, amount, currency, human"


def in_lake():
    reader = lake.files_of()
    query = Query(f"SELECT {COLUMNS} FROM facts ORDER BY pos", {}, ("facts",))
    return [tuple(row.values()) for row in Duck(Limits()).run(query, lake.relations(reader)).to_pylist()]


def in_database():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM facts ORDER BY pos")
        return cursor.fetchall()


def test_the_lake_holds_the_same_facts_as_the_database():
    happened(1, 2, 3, at=NOW - timedelta(microseconds=1))
    synced = lake.sync(now=NOW)
    assert synced.rows == 3
    assert in_lake() == in_database()


def test_an_empty_ledger_is_an_empty_table_and_no_error():
    lake.sync(now=NOW)
    assert in_lake() == []


def test_a_second_sync_adds_only_what_is_new():
    happened(1)
    lake.sync(now=NOW)
    before = set(LakeFile.objects.filter(table="ledger").values_list("path", flat=True))
    happened(2)
    lake.sync(now=NOW)
    after = set(LakeFile.objects.filter(table="ledger").values_list("path", flat=True))
    assert before < after
    assert in_lake() == in_database()
    assert lake.files_of().pos == queries.head()


def test_a_lake_that_lacked_nothing_is_of_the_moment_at_which_that_was_seen():
    happened(1)
    lake.sync(now=NOW)
    lake.sync(now=NOW + timedelta(hours=5))
    assert lake.standing().synced_at == NOW + timedelta(hours=5)


def test_a_table_made_anew_under_its_old_name_within_a_second_is_read_as_it_is_now(tmp_path):
    database, path = Duck(Limits()), tmp_path / "made.parquet"
    ripe = Query("SELECT count(*) AS n FROM made WHERE score >= 500", {}, ("made",))
    found = []
    for least in (0, 500):
        making = io.BytesIO()
        scores = pa.table({"score": range(least, least + 300)})
        pq.write_table(scores, making, compression="none", use_dictionary=False)
        # Into the place of the old one on the disk, as happens to a file that is made after another was deleted.
        with path.open("r+b" if found else "wb") as file:
            file.write(making.getvalue())
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
        found.append(database.run(ripe, {"made": Files((path,))}).to_pylist()[0]["n"])
    database.close()
    assert found == [0, 300]


def test_joined_withdrawn_and_moved_facts_read_alike_in_both_places():
    first, second, _ = happened(1, 2, 3)
    lake.sync(now=NOW)
    actions.withdraw(interaction_ids=[first], now=NOW)
    actions.reassign(interaction_id=second, contact_id=9, now=NOW)
    actions.join(old_id=3, living_id=4, now=NOW)
    happened(5)
    lake.sync(now=NOW)
    assert in_lake() == in_database()
    assert {row[2] for row in in_lake()} >= {9, 4, 5}


def test_what_a_machine_made_is_told_in_both_places():
    actions.append(
        [NewFact("email.clicked", NOW + timedelta(seconds=n), contact_id=1) for n in range(6)], now=NOW
    )
    actions.place()
    lake.sync(now=NOW)
    actions.drain([flow.consumer("interactions.classify")])
    lake.sync(now=NOW)
    assert [row[-1] for row in in_lake()] == [False] * 6
    assert in_lake() == in_database()


def test_many_small_files_become_one_and_readers_of_the_old_ones_have_an_hour():
    for number in range(9):
        happened(number)
        lake.sync(now=NOW)
    listed = LakeFile.objects.filter(table="ledger", retired_at__isnull=True)
    assert listed.count() == 2
    assert in_lake() == in_database()
    retired = LakeFile.objects.filter(table="ledger", retired_at__isnull=False)
    assert retired.count() == 8
    lake.sync(now=NOW + timedelta(hours=2))
    assert not retired.exists()


def test_a_file_that_a_killed_sync_left_behind_is_swept_away(tmp_path):
    happened(1)
    lake.sync(now=NOW)
    stray = tmp_path / "lake" / "ledger" / "2-3-dead.parquet"
    stray.write_bytes(b"half a file")
    lake.sync(now=NOW)
    assert not stray.exists()
    assert in_lake() == in_database()


def test_a_lake_that_lost_a_file_is_made_anew_by_the_next_sync(settings):
    happened(1, 2)
    lake.sync(now=NOW)
    for path in (settings.ORCHARD_HOME / "lake" / "ledger").iterdir():
        path.unlink()
    happened(3)
    lake.sync(now=NOW)
    assert in_lake() == in_database()


def test_what_an_earlier_release_wrote_in_another_shape_is_read_by_nobody_and_made_anew():
    happened(1, 2)
    lake.sync(now=NOW)
    LakeTable.objects.filter(name="ledger").update(shape="an earlier one")
    assert (in_lake(), lake.files_of().pos) == ([], 0)
    lake.sync(now=NOW)
    assert in_lake() == in_database()


def test_a_page_waits_for_a_small_lake_and_reads_a_large_one_as_it_is(monkeypatch):
    happened(1)
    lake.freshen(now=NOW)
    assert lake.files_of().pos == queries.head()
    happened(2)
    lake.freshen(now=NOW)
    assert lake.files_of().pos == queries.head()
    monkeypatch.setitem(lake.freshen.__globals__, "SMALL", -1)
    happened(3)
    lake.freshen(now=NOW)
    assert lake.files_of().pos < queries.head()


def test_what_a_killed_sync_had_spilled_holds_nobody_up(settings):
    happened(1)
    lake.sync(now=NOW)
    spill = settings.ORCHARD_HOME / "lake" / "ledger" / "spill"
    spill.mkdir()
    (spill / "block.tmp").write_bytes(b"0" * 100)
    happened(2)
    lake.sync(now=NOW)
    assert in_lake() == in_database()
    assert not spill.exists()


def test_a_lake_that_is_gone_comes_back_whole():
    happened(1, 2)
    lake.sync(now=NOW)
    LakeTable.objects.all().delete()
    assert in_lake() == []
    lake.sync(now=NOW)
    assert in_lake() == in_database()


def test_a_lake_made_anew_holds_the_same_and_its_readers_keep_their_files_for_an_hour():
    happened(1, 2)
    lake.sync(now=NOW)
    happened(3)
    before = lake.files_of()
    assert lake.remake(now=NOW).differences == 0
    assert in_lake() == in_database()
    assert not {path for paths in lake.files_of().files.values() for path in paths} & set(
        before.files["ledger"]
    )
    assert all(path.exists() for path in before.files["ledger"])
    lake.sync(now=NOW + timedelta(hours=2))
    assert not any(path.exists() for path in before.files["ledger"])
    assert in_lake() == in_database()


def test_a_lake_that_told_another_story_than_the_ledger_is_made_right_and_the_rows_are_counted():
    happened(1, 2, 3)
    lake.sync(now=NOW)
    (path,) = lake.files_of().files["ledger"]
    false = pq.read_table(path)
    kinds = pa.array(["email.opened", *false["kind"].to_pylist()[1:]])
    pq.write_table(false.set_column(false.schema.get_field_index("kind"), "kind", kinds), path)
    assert in_lake() != in_database()
    assert lake.remake(now=NOW).differences == 1
    assert in_lake() == in_database()
    assert lake.remake(now=NOW).differences == 0
