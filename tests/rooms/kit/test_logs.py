"""A line of the log says what happened and where, with ids, and nothing that belongs to a person."""

import json
import logging
import smtplib

import psycopg
import pytest

from orchard.kit import logs

SAFE = [
    "2026-11-27 01:16:24 took 131.25 ms",
    "agreement.assess is stuck at pos 12345678",
    "orchard/interactions/actions/read_on.py:319",
    "127.0.0.1:5432 does not answer; 1,234,567 facts wait",
    'relation "watch_slow_statement_one" lacks column "unaided_since"',
]
UNSAFE = {
    "[e-mail]": [
        "nora.lind@company.example",
        "<Nora.Lind+x@company.example>",
        "email=nora%40company.example",
    ],
    "[phone]": ["+49 431 588580", "(415) 555-0132", "0431 / 588 580", "415-555-0132", "+431588580"],
    "[token]": ["9f8e7d6c5b4a39281706f5e4d3c2b1a0", "Xy3_kLmN0pQrStUvWxYz12345-AbCdEf"],
    "?[cut]": ["/contacts/?words=Nora+Lind", "https://orchard.example/x?token=abc&next=/"],
}


def record(message="Answered.", error=None, **extra):
    made = logging.getLogger("orchard.test").makeRecord(
        "orchard.test", logging.INFO, "f", 1, message, (), error and (type(error), error, error.__traceback__)
    )
    vars(made).update(extra)
    return made


def caught(function):
    try:
        function()
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError("It did not fail.")


@pytest.mark.parametrize("text", SAFE)
def test_times_places_and_counts_stay(text):
    assert logs.cleaned(text) == text


@pytest.mark.parametrize(("sign", "text"), [(sign, text) for sign, texts in UNSAFE.items() for text in texts])
def test_what_looks_like_an_address_a_number_a_token_or_a_query_is_cut(sign, text):
    said = logs.cleaned(f"Somebody said {text} here")
    assert sign in said
    assert "Nora" not in said
    assert "588" not in said


def test_json_is_one_object_a_line_with_what_was_being_done():
    here = logs.Here(route="leads:show", request_id="f" * 32, method="GET", member=lambda: 7)
    with logs.within(here):
        line = logs.Json().format(record("two\nlines", fields={"status": 200, "ms": 12.5}))
    said = json.loads(line)
    assert "\n" not in line
    assert said.pop("ts").endswith("Z")
    assert said == {
        "level": "info",
        "logger": "orchard.test",
        "part": logs.part,
        "message": "two\\nlines",
        "request_id": "f" * 32,
        "route": "leads:show",
        "method": "GET",
        "member_id": 7,
        "status": 200,
        "ms": 12.5,
    }


def test_text_begins_with_time_level_part_and_logger():
    line = logs.Text().format(record(fields={"status": 200}))
    assert line.split()[2:] == ["INFO", logs.part, "orchard.test:", "Answered.", "status=200"]


def test_an_error_says_where_it_was_and_what_it_was_but_not_its_words():
    error = caught(lambda: int("Nora Lind"))
    for form in (logs.Text, logs.Json):
        said = form().format(record(error=error))
        assert "ValueError" in said
        assert "test_logs.py" in said
        assert "invalid literal" not in said


def test_the_cause_of_an_error_is_told_before_it_and_its_words_are_cut_as_well():
    def fail():
        try:
            raise KeyError("Nora Lind")
        except KeyError as cause:
            raise RuntimeError("of Nora Lind") from cause

    told = logs.told(caught(fail))
    assert told.index("KeyError") < told.index("RuntimeError")
    assert "of Nora" not in told.replace('raise RuntimeError("of Nora Lind") from cause', "")


@pytest.mark.django_db
def test_an_error_of_the_database_names_state_table_and_constraint_never_the_row():
    from django.db import IntegrityError, connection

    from tests.make.members import member

    member(email="nora@canary.example")

    def twice():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO team (name, code, created_at) VALUES ('Canary', 'canary', now())")
            cursor.execute("INSERT INTO team (name, code, created_at) VALUES ('Canary', 'canary', now())")

    error = caught(twice)
    assert isinstance(error, IntegrityError)
    assert "canary" in str(error), "the database does quote the row"
    assert logs.words_of(error).startswith("23505 team.team_code")
    assert "canary" not in logs.words_of(error).lower()


def test_words_are_kept_where_they_name_code_or_the_machine():
    assert logs.words_of(caught(lambda: None.name)) == "'NoneType' object has no attribute 'name'"
    assert logs.words_of(FileNotFoundError(2, "x", "Nora Lind.csv")) == "No such file or directory"
    assert logs.words_of(smtplib.SMTPDataError(550, b"no nora@x.example here")) == "code 550"
    assert "Connection refused" in logs.words_of(
        caught(lambda: psycopg.connect("host=127.0.0.1 port=1 dbname=x user=y", connect_timeout=2))
    )


def test_a_line_that_does_not_fit_its_values_is_no_error():
    assert "could not be written" in logs.Text().format(record("%d", args=("x",)))
