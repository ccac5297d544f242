"""The ground under every test: a migrated template database, one clone of it per worker, the real files."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

# Two workers and a database share the cores: how long one example takes says nothing.
settings.register_profile("orchard", deadline=None)
settings.load_profile("orchard")

DATA = Path(os.environ.get("ORCHARD_TEST_DATA", "../shared/data"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Real files must be there in CI; elsewhere their tests skip with the reason."""
    if os.environ.get("CI") and not DATA.exists():
        raise pytest.UsageError(f"CI needs the real files of {DATA}.")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the collector of cycles leave alone what stays for the whole run: it would go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: pytest.FixtureRequest, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Clone the migrated template for this worker, beside a home for its files; make the template where it lacks."""
    from django.conf import settings
    from django.db import connections

    from tests.make import database

    with django_db_blocker.unblock():
        name = f"test_{os.getpid()}_{worker_id}"
        database.clone(name)
        connections.close_all()
        settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = name
        settings.ORCHARD_HOME = tmp_path_factory.mktemp("home")
        yield
        connections.close_all()
        database.drop(name)


@contextmanager
def database_of_its_own(name: str) -> Iterator[str]:
    """Give a database with commits that last, beside those of the workers, and take it away again."""
    from django.conf import settings
    from django.db import connections

    from orchard.agreement.queries import terms
    from tests.make import database

    before = settings.DATABASES["default"]["NAME"]
    name = f"own_{os.getpid()}_{abs(hash(name)) % 10**8}"
    database.clone(name)
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = name
    # Versions are kept by their ids, and those begin anew here.
    terms.forget()
    yield name
    terms.forget()
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = before
    database.drop(name)


@pytest.fixture
def own_database(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, request: pytest.FixtureRequest
) -> Iterator[str]:
    """Give a test a database of its own, with commits that last: what many processes share."""
    with django_db_blocker.unblock(), database_of_its_own(request.node.nodeid) as name:
        yield name


@pytest.fixture(scope="session")
def data() -> Path:
    """Give the folder of real files; skip with the reason where it is absent."""
    if not DATA.exists():
        pytest.skip(f"needs the real files of {DATA} (set ORCHARD_TEST_DATA)")
    return DATA
