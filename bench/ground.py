"""The ground a bench stands on: its own home, its own databases, and the commands of Orchard that run in them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import django
import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from orchard import config
from orchard.kit import embedded_postgres
from orchard.kit.errors import Refused

# Facts are remembered under keys made with it, so what is cached and what reads it must agree.
SECRET = "the secret of a bench, which guards nothing"
LAKE = "lake"


def say(sentence: str) -> None:
    """Tell on stderr what is being done."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


@dataclass(frozen=True)
class Ground:
    """Where one run of a bench works: `cache` outlives it, `home` and `database` do not."""

    scale: float
    cache: Path
    home: Path
    database: str
    server: dict[str, str]

    def count(self, whole: int, least: int = 1) -> int:
        """Return `whole` at this scale."""
        return max(least, round(whole * self.scale))

    @contextmanager
    def clone(self, template: str) -> Iterator[None]:
        """Let Django and all commands work in a fresh copy of a cached database and its lake."""
        self._close()
        _copy(self.server, template, self.database)
        _link(self.cache / template / LAKE, self.home / LAKE)
        try:
            yield
        finally:
            self._close()
            _drop(self.server, self.database)
            shutil.rmtree(self.home / LAKE, ignore_errors=True)

    def cached(self, name: str, build: Callable[[], None], *, on: str | None = None) -> str:
        """Return the name of the database that `build` fills, made once on top of another; brought to this version."""
        whole = f"bench_{name}_{self.scale:g}".replace(".", "_").replace("-", "_")
        with _maintenance(self.server) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [whole]).fetchone()
        if known is None:
            say(f"Building what {name} stands on, once ...")
            self._build(whole, build, on)
        self.migrate(whole)
        return whole

    def empty(self) -> str:
        """Return the name of a migrated database that holds nothing."""
        with _maintenance(self.server) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'bench_empty'").fetchone():
                connection.execute("CREATE DATABASE bench_empty TEMPLATE template0")
        self.migrate("bench_empty")
        return "bench_empty"

    @contextmanager
    def beside(self) -> Iterator[str]:
        """Give a second database that is migrated and holds nothing."""
        name = f"{self.database}_back"
        self._close()
        _copy(self.server, self.empty(), name)
        try:
            yield name
        finally:
            _drop(self.server, name)

    def migrate(self, name: str) -> None:
        """Bring a database to the schema of this checkout."""
        with self._in(name):
            call_command("migrate", verbosity=0, interactive=False)

    def orchard(self, *arguments: str | Path) -> dict[str, Any]:
        """Run a command of Orchard to its end and return its JSON."""
        process = self.start(*arguments, "--json", stdout=subprocess.PIPE)
        return self.answer(process)

    def answer(self, process: "subprocess.Popen[bytes]") -> dict[str, Any]:
        """Wait for a command that was started and return its JSON."""
        out, _ = process.communicate()
        found: dict[str, Any] = json.loads(out or b"{}")
        if process.returncode:
            raise Refused(f"{found.get('error', 'A command failed; its words are above.')}")
        return found

    def start(self, *arguments: str | Path, stdout: int | None = None) -> "subprocess.Popen[bytes]":
        """Start a command of Orchard in the database at hand."""
        return subprocess.Popen(
            [sys.executable, "-m", "orchard", *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=stdout
        )

    def connect(self) -> "psycopg.Connection[Any]":
        """Open a bare connection to the database at hand."""
        return psycopg.connect(**{**self.server, "dbname": self.database}, autocommit=True)

    def _build(self, whole: str, build: Callable[[], None], on: str | None) -> None:
        self._close()
        _copy(self.server, on or self.empty(), self.database)
        shutil.rmtree(self.home / LAKE, ignore_errors=True)
        build()
        with self.connect() as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
        self._close()
        if (self.home / LAKE).exists():
            (self.cache / whole).mkdir(parents=True, exist_ok=True)
            shutil.rmtree(self.cache / whole / LAKE, ignore_errors=True)
            (self.home / LAKE).rename(self.cache / whole / LAKE)
        with _maintenance(self.server) as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(self.database), sql.Identifier(whole)
                )
            )

    @contextmanager
    def _in(self, name: str) -> Iterator[None]:
        settings = connections["default"].settings_dict
        self._close()
        before, settings["NAME"] = settings["NAME"], name
        try:
            yield
        finally:
            self._close()
            settings["NAME"] = before

    def _close(self) -> None:
        connections.close_all()


@contextmanager
def ground(scale: float) -> Iterator[Ground]:
    """Prepare the home of one run under ORCHARD_HOME/bench, set Django up in it, and leave only the cache behind."""
    settings = config.read(os.environ)
    cache = settings.home / "bench"
    home = cache / "work" / str(os.getpid())
    with _server(settings, cache) as server:
        _sweep(cache, server)
        home.mkdir(parents=True, exist_ok=True)
        here = Ground(scale, cache, home, f"bench_run_{os.getpid()}", server)
        try:
            _django(here)
            yield here
        finally:
            _drop(server, here.database)
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _server(settings: config.Config, cache: Path) -> Iterator[dict[str, str]]:
    """Give psycopg's parameters of the server that DATABASE_URL names, else of one of the bench's own."""
    if not settings.embedded:
        given = config.from_url(settings.database_url)
        names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        options = given["OPTIONS"] if isinstance(given["OPTIONS"], dict) else {}
        yield {**{word: str(given[name]) for name, word in names.items() if given[name]}, **options}
        return
    cache.mkdir(parents=True, exist_ok=True)
    with embedded_postgres.running(cache) as address:
        yield {"host": address.host, "port": str(address.port), "user": address.user}


def _django(here: Ground) -> None:
    """Let this process and all that it starts work in the run's home and database."""
    os.environ.update(
        ORCHARD_HOME=str(here.home),
        ORCHARD_SECRET_KEY=SECRET,
        ORCHARD_EMAIL_URL="console://",
        ORCHARD_ENGINE="duckdb",
        DATABASE_URL=_url({**here.server, "dbname": here.database}),
        DJANGO_SETTINGS_MODULE="orchard.settings",
    )
    django.setup()


def _url(parts: dict[str, str]) -> str:
    login = quote(parts["user"], safe="")
    if "password" in parts:
        login += f":{quote(parts['password'], safe='')}"
    known = {"host", "port", "user", "password", "dbname"}
    rest = {name: value for name, value in parts.items() if name not in known}
    query = urlencode({"host": parts["host"], "port": parts.get("port", "5432"), **rest}, safe="/")
    return f"postgresql://{login}@/{parts['dbname']}?{query}"


def _sweep(cache: Path, server: dict[str, str]) -> None:
    """Remove what runs that were killed left behind."""
    with _maintenance(server) as connection:
        names = [name for (name,) in connection.execute("SELECT datname FROM pg_database")]
    for name in names:
        number = name.removeprefix("bench_run_").removesuffix("_back")
        if name.startswith("bench_run_") and not Path(f"/proc/{number}").exists():
            _drop(server, name)
    for folder in (cache / "work").glob("*"):
        if not Path(f"/proc/{folder.name}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _copy(server: dict[str, str], template: str, name: str) -> None:
    """Copy a database file by file: through the log, ten gigabytes would be written twice."""
    with _maintenance(server) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def _drop(server: dict[str, str], name: str) -> None:
    with _maintenance(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _maintenance(server: dict[str, str]) -> "Iterator[psycopg.Connection[Any]]":
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:
        yield connection


def _link(source: Path, target: Path) -> None:
    """Give a lake's files, which never change, a second name instead of a copy."""
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target, copy_function=os.link)


def middle(values: Sequence[float]) -> float:
    """Return the median: a bench repeats what is short, since one run in three meets a noisy neighbour."""
    return sorted(values)[len(values) // 2]
