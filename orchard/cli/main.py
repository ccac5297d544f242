"""Which commands there are, and how each one ends: 0 done, 1 failed, 2 wrong usage."""

import argparse
import contextlib
import importlib
import json
import os
import sys
from collections.abc import Iterator, Sequence

import django

from orchard import config
from orchard.cli import arguments
from orchard.cli.types import Answer, Command
from orchard.kit import embedded_postgres, slow
from orchard.kit.errors import Refused

COMMANDS: tuple[Command, ...] = (
    Command(
        "run",
        "serve everything, with a demo company at the first start",
        "serve:run",
        arguments.run,
        json=False,
    ),
    Command("web", "answer pages", "serve:web", arguments.web, json=False),
    Command("worker", "read the ledger and do what is due", "serve:worker", arguments.worker, json=False),
    Command("check", "say what is misconfigured or broken", "check:check", database=False),
    Command("member", "invite somebody by a link", "members:member", arguments.member),
    Command("token", "let another system call by a token", "tokens:token", arguments.token),
    Command("demo", "make a fictional company with 18 months of history", "demo:demo", arguments.demo),
    Command("import", "import any CSV or XLSX file", "imports:import_file", arguments.import_file),
    Command(
        "agreement", "check, propose, sign, show an agreement", "agreement:agreement", arguments.agreement
    ),
    Command("migrate", "bring the database to this version", "database:migrate"),
    Command("backup", "write everything into one file", "backup:backup", arguments.backup),
    Command("restore", "bring a backup back into an empty installation", "backup:restore", arguments.backup),
    Command("outbox", "say what waits to leave, open or close the gate", "backup:outbox", arguments.outbox),
    Command("drain", "run all consumers until the ledger is read to its end", "ledger:drain"),
    Command("rebuild", "drop and rebuild every projection", "ledger:rebuild"),
    Command("refresh", "score and assess everybody anew", "refresh:refresh", arguments.refresh),
    Command("report", "any report as data", "report:report", arguments.report),
    Command("segment", "count or list whom a condition holds for", "segment:segment", arguments.segment),
    Command(
        "bench", "measure a promise, in a database of its own", "bench:bench", arguments.bench, database=False
    ),
    Command("lake", "write what the lake of Parquet files lacks", "lake:sync", arguments.lake),
)


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchard.settings")
    parsed = _parser().parse_args(given)
    command: Command = parsed.command
    as_json = getattr(parsed, "json", False)
    try:
        with _database(command):
            answer = _run(command, parsed)
    except Refused as error:
        return _fail(str(error), as_json=as_json)
    except KeyboardInterrupt:
        return _fail("Stopped.", as_json=as_json)
    if answer is None:
        return 0
    sys.stdout.write((json.dumps(answer.data, default=str) if as_json else answer.text) + "\n")
    return 0 if answer.ok else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="orchard", description="One system that Sales and Marketing share.")
    names = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        sub = names.add_parser(command.name, help=command.help, description=command.help)
        sub.set_defaults(command=command)
        if command.json:
            arguments.as_json(sub)
        command.arguments(sub)
    return parser


def _run(command: Command, parsed: argparse.Namespace) -> Answer | None:
    """Import the command's module now that Django can be set up, and call its function."""
    module, function = command.target.split(":")
    if not command.database:
        return _call(module, function, parsed)
    django.setup()
    with importlib.import_module("orchard.cli.database").in_words(), slow.watching():
        return _call(module, function, parsed)


def _call(module: str, function: str, parsed: argparse.Namespace) -> Answer | None:
    answer: Answer | None = getattr(importlib.import_module(f"orchard.cli.{module}"), function)(parsed)
    return answer


@contextlib.contextmanager
def _database(command: Command) -> Iterator[None]:
    """Keep our own PostgreSQL running while the command runs, unless DATABASE_URL names another."""
    if command.database and config.current().embedded:
        with embedded_postgres.running(config.current().home):
            yield
    else:
        yield


def _fail(sentence: str, *, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(json.dumps({"error": sentence}) + "\n")
    sys.stderr.write(sentence + "\n")
    return 1
