"""The command that says what is misconfigured or broken, and what to do about it."""

import argparse
import contextlib
import os
from collections.abc import Iterator

import django

from orchard import config
from orchard.cli.types import Answer
from orchard.kit import clock, embedded_postgres
from orchard.kit.errors import Refused
from orchard.reports.types import Finding, Grade


def check(_: argparse.Namespace) -> Answer:
    """Look at settings, database, worker and mail; whatever hinders the next look is a finding itself."""
    return _answer([*_strangers(), *_looked_at()])


def _strangers() -> Iterator[Finding]:
    for name, meant in config.strangers(os.environ):
        todo = (
            f"Write {meant}, if that was meant."
            if meant
            else "Take it away, so that nobody believes that it acts."
        )
        yield Finding("Settings", Grade.LOOK, f"{name} means nothing to Orchard.", todo)


def _looked_at() -> list[Finding]:
    try:
        found = config.current()
        found.database()
        found.mail()
        found.secret()
    except Refused as error:
        return [Finding("Settings", Grade.BROKEN, str(error), "Mend it; the rest is looked at after that.")]
    except OSError as error:
        words = f"Nothing can be written to {config.current().home}: {error.strerror}."
        return [
            Finding("Data folder", Grade.BROKEN, words, "Let the user that runs Orchard own that folder.")
        ]
    with contextlib.ExitStack() as stack:
        try:
            if found.embedded:
                stack.enter_context(embedded_postgres.running(found.home))
            django.setup()
            return _house()
        except Refused as error:
            return [
                Finding("Database", Grade.BROKEN, str(error), "Without it, nothing else can be looked at.")
            ]


def _house() -> list[Finding]:
    """Ask the database, if it answers and is at this version."""
    from django.db import DatabaseError, OperationalError, connection  # noqa: PLC0415 - Django is set up only now

    from orchard import flow  # noqa: PLC0415
    from orchard.backup import queries as backups  # noqa: PLC0415
    from orchard.demo import queries as demos  # noqa: PLC0415
    from orchard.reports import queries as reports  # noqa: PLC0415

    try:
        connection.ensure_connection()
    except OperationalError as error:
        words = f"The database does not answer: {str(error).strip().splitlines()[0]}"
        return [Finding("Database", Grade.BROKEN, words, "Mend DATABASE_URL, or start that server.")]
    if waiting := reports.migrations_waiting():
        words = f"The database lacks {waiting} migrations of this version."
        return [Finding("Migrations", Grade.BROKEN, words, "Run `orchard migrate`.")]
    try:
        story = demos.loading()
        house = reports.findings(
            reports.health(flow.CONSUMERS),
            now=clock.now(),
            is_loading=demos.workers_yet_begin(story, clock.now()),
        )
        house += backups.findings(now=clock.now(), is_demo=story is not None)
        return [*house, *reports.set_up(), reports.mail_answers(), reports.engine_answers()]
    except DatabaseError as error:
        words = f"The database refused a question ({type(error).__name__})."
        return [
            Finding("Database", Grade.BROKEN, words, "Its log says which; give the role the right to read.")
        ]


def _answer(found: list[Finding]) -> Answer:
    ill = [one for one in found if one.grade is not Grade.WELL]
    ok = not any(one.grade is Grade.BROKEN for one in ill)
    told = [
        {"severity": one.grade.value, "about": one.about, "what": one.what, "what_to_do": one.todo}
        for one in ill
    ]
    groups = [("Broken", Grade.BROKEN), ("Look at this", Grade.LOOK)]
    text = "\n\n".join(
        _group(name, [one for one in ill if one.grade is grade]) for name, grade in groups if _any(ill, grade)
    )
    return Answer({"ok": ok, "findings": told}, text or "All is well.", ok)


def _any(found: list[Finding], grade: Grade) -> bool:
    return any(one.grade is grade for one in found)


def _group(name: str, found: list[Finding]) -> str:
    lines = [name]
    for one in found:
        lines.append(f"  {one.about}: {one.what}")
        if one.todo:
            lines.append(f"    -> {one.todo}")
    return "\n".join(lines)
