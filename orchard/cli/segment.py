"""The command that counts or lists whom a condition holds for, to the last committed fact."""

import argparse
import sys
from pathlib import Path

import yaml

from orchard.cli.types import Answer
from orchard.engine.conditions import Condition, read
from orchard.kit import clock
from orchard.kit.broken_yaml import broken
from orchard.kit.errors import Refused
from orchard.segments import queries

MOST_BYTES = 2**20


def segment(given: argparse.Namespace) -> Answer | None:
    """Count or list who fits the condition of FILE, or of a saved segment; a list is CSV, in pieces as it is read."""
    condition, now = _condition(given), clock.now()
    if given.verb == "count":
        counted = queries.count(condition, now=now)
        seconds = round(counted.seconds, 3)
        return Answer(
            {"count": counted.count, "seconds": seconds}, f"{counted.count:,} contacts in {seconds} s."
        )
    found = queries.fitting(condition, now=now)
    if given.json:
        ids = list(found.contact_ids)
        return Answer({"count": len(ids), "seconds": round(found.seconds, 3), "contact_ids": ids})
    for line in queries.exported(found.contact_ids):
        sys.stdout.write(line)
    return None


def _condition(given: argparse.Namespace) -> Condition:
    if bool(given.file) == bool(given.saved):
        raise Refused(f"Name one: orchard segment {given.verb} FILE, or --saved CODE.")
    if given.saved:
        return queries.segment_named(given.saved).condition
    text = _text(given.file)
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        line, column, sentence = broken(error, text)
        raise Refused(f"{given.file}, line {line}, column {column}: {sentence}") from error
    return read(values)


def _text(name: str) -> str:
    """Return the text of FILE, or of stdin for `-`."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}.") from error
    if len(raw) > MOST_BYTES:
        raise Refused(f"{name} is larger than any condition (1 MB).")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{name} is not UTF-8 text. Save the file as UTF-8.") from error
