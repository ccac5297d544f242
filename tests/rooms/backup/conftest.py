"""One company in which no table is empty, backed up once, and empty databases to restore it into."""

import os

import pytest
from django.conf import settings

from orchard.backup import actions
from orchard.kit import clock
from tests.make import database, everything


class Kept:
    """The database of a company, what is in it, and its backup."""

    def __init__(self, name, path):
        self.name, self.path = name, path
        self.rows, self.rulebook = everything.rows(name), everything.rulebook(name)
        with database.inside(name):
            self.done = actions.back_up(path=path, now=clock.now())


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker, tmp_path_factory):
    """Give a company and its backup."""
    from orchard.agreement.queries import terms

    name, before = f"kept_{os.getpid()}", settings.ORCHARD_HOME
    with django_db_blocker.unblock():
        settings.ORCHARD_HOME = tmp_path_factory.mktemp("kept")
        database.clone(name)
        terms.forget()
        with database.inside(name):
            everything.company()
            everything.upload(b"name\nAda\n")
        yield Kept(name, settings.ORCHARD_HOME / "all.backup")
        settings.ORCHARD_HOME = before
        terms.forget()
        database.drop(name)


@pytest.fixture
def home(settings, tmp_path):
    """Give another home, and a list of erasures in it."""
    settings.ORCHARD_HOME = tmp_path / "home"
    settings.ORCHARD_HOME.mkdir()
    return settings.ORCHARD_HOME


@pytest.fixture
def empty(own_database, home):
    """Give a migrated database in which nothing is, and let Django work in it."""
    return own_database
