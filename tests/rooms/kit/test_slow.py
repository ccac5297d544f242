"""Slow statements are told by their shape; quick ones cost nothing."""

import pytest
from django.db import connection
from psycopg import sql

from orchard.kit import logs, slow

pytestmark = pytest.mark.django_db

SHAPES = {
    "SELECT 1 WHERE name = 'Nora ''the'' Lind' AND n = 42": "SELECT ? WHERE name = ? AND n = ?",
    "SELECT E'it\\'s Nora' -- of Nora\n, $$Nora$$, $x$Nora$x$ /* Nora */": "SELECT ? , ?, ?",
    "SELECT a1 FROM t2\n  WHERE id IN (%s, %s,%s)": "SELECT a1 FROM t2 WHERE id IN (%s, …)",
    'SELECT "lead"."id" FROM "lead" LIMIT 21': 'SELECT "lead"."id" FROM "lead" LIMIT ?',
    "SELECT 'Nora and no end": "SELECT ?",
    b"SELECT 3.5": "SELECT ?",
}


@pytest.fixture(autouse=True)
def limit():
    slow.taken()
    slow.set_limit(40)
    yield
    slow.set_limit(500)
    slow.taken()


@pytest.mark.parametrize("statement", SHAPES)
def test_a_shape_holds_no_value(statement):
    assert slow.shape_of(statement) == SHAPES[statement]


def test_a_statement_that_is_composed_has_the_shape_of_what_it_says():
    composed = sql.SQL("SELECT {} FROM {}").format(sql.Identifier("name"), sql.Identifier("contact"))
    assert slow.shape_of(composed) == 'SELECT "name" FROM "contact"'


def test_a_long_shape_is_cut():
    assert len(slow.shape_of("SELECT " + "x, " * 5_000)) == slow.LONGEST


def test_only_what_takes_long_is_kept_with_the_place_it_belongs_to(caplog):
    with logs.within(logs.Here(route="leads:show")), slow.watching(), connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute("SELECT pg_sleep(0.05), %s", ["Nora"])
        cursor.execute("SELECT %s", ["quick"])
    (kept,) = slow.taken()
    assert (kept.shape, kept.place, kept.times) == ("SELECT pg_sleep(?), %s", "leads:show", 2)
    assert 50 <= kept.worst_ms < kept.total_ms
    assert slow.taken() == []
    told = [record.fields["times"] for record in caplog.records if record.name == "orchard.kit.slow"]
    assert told[1] == told[0] + 1
    assert "Nora" not in caplog.text


def test_a_statement_that_fails_late_is_kept_too():
    with pytest.raises(Exception, match="division"), slow.watching(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.05), 1 / (random() - random() > 2)::int")
    assert len(slow.taken()) == 1
