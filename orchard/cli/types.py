"""What a command is, and what it answers. Free of Django, so that `orchard --help` needs no database."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found: one JSON object, and the same in words."""

    data: Mapping[str, Any]
    text: str = ""
    ok: bool = True


def no_arguments(_: argparse.ArgumentParser) -> None:
    """Take none."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    `target` is `module:function` in this package, imported once Django is set up; the function takes the parsed
    arguments and returns an `Answer`, or None where there is nothing to print.
    """

    name: str
    help: str
    target: str
    arguments: Callable[[argparse.ArgumentParser], None] = no_arguments
    database: bool = True
    json: bool = True


class Progress:
    """Says on stderr how far a long command is: one line that changes on a terminal, a line now and then in a log."""

    def __init__(self, word: str) -> None:
        """Begin at zero of `word` (a plural)."""
        self._word = word
        self._last = 0.0
        self._live = sys.stderr.isatty()
        self._interval = 0.25 if self._live else 10.0

    def __call__(self, done: int) -> None:
        """Show `done`, if the last time is long enough ago."""
        now = time.monotonic()
        if now - self._last >= self._interval:
            self._last = now
            sys.stderr.write(f"\r{done:,} {self._word}" if self._live else f"{done:,} {self._word}\n")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._last and self._live:
            sys.stderr.write("\n")
