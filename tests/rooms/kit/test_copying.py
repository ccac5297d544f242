"""Rows written to a COPY in blocks arrive as the driver would have written them one by one."""

from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from orchard.kit.copying import write_rows

pytestmark = pytest.mark.django_db

cell = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
    st.sampled_from(["\\N", "\\", "a\tb", "\r\n", ""]),
)


def copied(rows):
    """Copy (number, text) rows into a fresh table and return what stands there."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS copied; CREATE TEMP TABLE copied (n bigint, t text)")
        with cursor.copy("COPY copied (n, t) FROM STDIN") as copy:
            write_rows(copy, rows)
        cursor.execute("SELECT n, t FROM copied ORDER BY n")
        return cursor.fetchall()


@given(cells=st.lists(cell, max_size=20))
@settings(max_examples=60)
def test_any_text_arrives_as_it_was(cells):
    rows = list(enumerate(cells))
    assert copied(rows) == rows


def test_more_rows_than_a_block_arrive_in_full():
    rows = [(n, None if n % 3 else f"row {n}") for n in range(1_201)]
    assert copied(rows) == rows


def test_numbers_times_and_ids_arrive_as_what_they_are():
    at, identity = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), UUID(int=7)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE typed (a bigint, b boolean, c float8, d timestamptz, e uuid, f bigint[])"
        )
        with cursor.copy("COPY typed FROM STDIN") as copy:
            write_rows(copy, [(1, True, 0.1, at, identity, [1, 2])])
        cursor.execute("SELECT * FROM typed")
        assert cursor.fetchone() == (1, True, 0.1, at, identity, [1, 2])


def test_what_no_text_may_hold_is_refused_and_never_taken_for_nothing():
    with pytest.raises(psycopg.DataError):
        copied([(1, "a\0b")])
