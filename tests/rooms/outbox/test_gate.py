"""The gate: a copy of an installation lets nothing leave until somebody says that it is the live one."""

import shutil
from uuid import uuid4

import pytest
from django.db import connection

from orchard.journal.models import Entry
from orchard.kit import clock
from orchard.kit.errors import Conflict
from orchard.outbox import actions, queries, rules
from orchard.outbox.models import Place
from orchard.outbox.types import Where
from tests.make import database
from tests.make.command import orchard

HERE = Where(uuid4(), "/srv/orchard", "m", "7712654146533836426", 16_384)


@pytest.fixture
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path / "home"
    return settings.ORCHARD_HOME


@pytest.fixture
def settled(own_database, home):
    """Give an installation that was started once."""
    assert actions.arrive(now=clock.now()) == ""
    return own_database


def put():
    actions.put(
        channel="email", recipient="a@b.example", payload={}, unique_key=str(uuid4()), now=clock.now()
    )


def copied(name):
    """Copy the database by PostgreSQL's own means."""
    from psycopg import sql

    connection.close()
    with database._maintenance() as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(f"{name}_copy"), sql.Identifier(name)
            )
        )
    return f"{name}_copy"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"database": 99_999}, "This database is a copy"),
        ({"server": "1"}, "This database is a copy"),
        ({"mark": uuid4()}, "does not know the home"),
        ({"home": "/srv/copy"}, "copied or moved to /srv/copy"),
        ({"machine": "n"}, "another machine"),
    ],
)
def test_whatever_differs_is_told(changed, says):
    here = Where(**{name: changed.get(name, getattr(HERE, name)) for name in Where.__slots__})
    assert says in rules.strange([HERE], here)
    assert len(rules.strange([HERE], here)) <= 200
    assert rules.strange([HERE, here], here) == ""
    assert rules.strange([], here) == ""


def test_a_start_and_a_start_again_are_no_copy(settled, home):
    for _ in range(3):
        assert actions.arrive(now=clock.now()) == ""
    assert actions.is_open()
    assert Place.objects.count() == 1


def test_a_copy_of_the_database_lets_nothing_leave_and_the_first_one_goes_on(settled):
    put()
    name = copied(settled)
    try:
        with database.inside(name):
            assert "This database is a copy" in actions.arrive(now=clock.now())
            assert actions.claim(channel="email", now=clock.now())[1] == []
        assert actions.arrive(now=clock.now()) == ""
        assert len(actions.claim(channel="email", now=clock.now())[1]) == 1
    finally:
        connection.close()
        database.drop(name)


def test_a_copy_of_the_home_is_noticed_until_somebody_opens_it(settled, home, settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path / "copy"
    shutil.copytree(home, settings.ORCHARD_HOME)
    assert "copied or moved" in actions.arrive(now=clock.now())
    put()
    assert actions.open_gate(now=clock.now(), actor_id=None, by="root") == 1
    assert actions.arrive(now=clock.now()) == ""
    entry = Entry.objects.get(action="outbox.opened")
    assert entry.details["by"] == "root"
    assert entry.details["waiting"] == 1
    with pytest.raises(Conflict, match="open already"):
        actions.open_gate(now=clock.now(), actor_id=None)


def test_a_second_machine_of_one_database_is_confirmed_from_the_first(settled, home, settings, tmp_path):
    settings.ORCHARD_HOME = second = tmp_path / "second"
    shutil.copytree(home, second)
    assert "copied or moved" in actions.arrive(now=clock.now())
    settings.ORCHARD_HOME = home
    actions.open_gate(now=clock.now(), actor_id=None, by="root")
    settings.ORCHARD_HOME = second
    assert actions.arrive(now=clock.now()) == "", "its restart closes nothing"


def test_once_the_copy_is_the_live_system_the_places_of_the_first_one_are_not_its_own(settled):
    name = copied(settled)
    try:
        with database.inside(name):
            actions.arrive(now=clock.now())
            actions.open_gate(now=clock.now(), actor_id=None)
            assert Place.objects.count() == 1
            assert actions.arrive(now=clock.now()) == ""
    finally:
        connection.close()
        database.drop(name)


def test_why_the_gate_was_closed_first_is_what_is_told(settled, home, settings, tmp_path):
    actions.close(reason="Restored.", now=clock.now())
    settings.ORCHARD_HOME = tmp_path / "elsewhere"
    assert actions.arrive(now=clock.now()) == "Restored."


def test_the_command_says_how_many_would_leave_and_opens_only_on_a_word(settled):
    put()
    assert orchard("outbox", "close", "--reason", "We move.")[1]["reason"] == "We move."
    code, answer = orchard("outbox", "open")
    assert code == 1
    assert "1 messages would leave at once" in answer["error"]
    assert not queries.standing().open
    code, answer = orchard("outbox", "open", "--yes")
    assert (code, answer["open"], answer["waiting"]) == (0, True, 1)
    assert orchard("outbox")[1] == answer
