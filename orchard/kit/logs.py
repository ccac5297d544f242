"""How a process tells what it does: a line per event on stderr, as text or JSON, with ids and never people's data."""

import errno
import json
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import psycopg

# What is safe to read in the words of the database: it was away, was asked to stop, or lacks something of ours.
_OWN_WORDS = ("08", "40", "53", "55", "57", "58", "42P01", "42703", "42501")
_CODE_ERRORS = (AttributeError, ImportError, NameError)
_LINKS = 5

_NETS = (
    (re.compile(r"[^\s@<>\"'(),;:=\[\]]+(?:@|%40)[^\s@<>\"'(),;:/\[\]]+\.\w{2,}"), "[e-mail]"),
    (re.compile(r"(\bhttps?://[^\s?\"']+|/[^\s?\"']*)\?[^\s\"']+=[^\s\"']*"), r"\1?[cut]"),
    (
        re.compile(
            r"(?<![\w.,:-])(?:\+\d[\d\s()./-]{5,}\d|\(?0\d[\d ()/-]{5,}\d|\(\d{2,5}\)[\d /-]{5,}\d"
            r"|\d{3}[-. ]\d{3}[-. ]\d{4})(?!\w)"
        ),
        "[phone]",
    ),
)
_LONG = re.compile(r"[\w-]{20,}")
_PIECE = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{16,}", re.IGNORECASE)

part = "command"
"""Which part of the house this process is."""


@dataclass(slots=True)
class Here:
    """What is being done: a request by its id and the name of its route, or a piece of clockwork by its name."""

    route: str = ""
    request_id: str = ""
    method: str = ""
    member: Callable[[], int | None] = lambda: None


_NOTHING = Here()
_here: ContextVar[Here] = ContextVar("here", default=_NOTHING)


def here() -> Here:
    """Return what is being done in this thread."""
    return _here.get()


@contextmanager
def within(doing: Here) -> Iterator[Here]:
    """Let every line of this context say what was being done."""
    token = _here.set(doing)
    try:
        yield doing
    finally:
        _here.reset(token)


def be(name: str) -> None:
    """Say which part this process is; from now on what ends it or a thread of it is logged like anything else."""
    global part  # noqa: PLW0603 - a process is one part, for good
    part = name
    sys.excepthook = _ended
    threading.excepthook = lambda given: _ended(
        given.exc_type, given.exc_value or given.exc_type(), given.exc_traceback
    )


def fields(**values: Any) -> dict[str, Any]:
    """Return what a logger takes as `extra`, so that these stand in the line as fields of their own."""
    return {"fields": values}


def cleaned(text: str) -> str:
    """Cut out what looks like an address, a phone number or a token: the last net under code that should not say it."""
    for pattern, instead in _NETS:
        text = pattern.sub(instead, text)
    return _LONG.sub(_unless_token, text)


def words_of(error: BaseException) -> str:
    """Return what an error says, where that cannot quote anybody's data; of others only the name is known."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    if isinstance(cause, psycopg.Error):
        return _words_of_database(cause)
    if isinstance(error, OSError):
        code = getattr(error, "smtp_code", None)
        known = error.errno is not None and error.errno in errno.errorcode
        return f"code {code}" if code else os.strerror(error.errno or 0) if known else ""
    return cleaned(str(error)) if isinstance(error, _CODE_ERRORS) else ""


def told(error: BaseException) -> str:
    """Return where an error came from and what it was, its causes first; without the values that it may quote."""
    chain: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and len(chain) < _LINKS:
        chain.append(each)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return "\n".join(_link(one) for one in reversed(chain))


class Text(logging.Formatter):
    """Lines for people: time, level, part and logger, what happened, and the ids to look for."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one event."""
        known = _known(record)
        rest = " ".join(f"{name}={value}" for name, value in known.items() if name not in _HEAD)
        at = f"{known['ts'][:-1].replace('T', ' ')}Z"
        line = f"{at} {record.levelname:<7} {known['part']:<7} {record.name}: {known['message']}"
        error = _error_of(record)
        return "\n".join(filter(None, (f"{line}  {rest}" if rest else line, error)))


class Json(logging.Formatter):
    """Lines for machines: one object each."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one event."""
        error = _error_of(record)
        return json.dumps({**_known(record), **({"error": error} if error else {})}, default=str)


_HEAD = ("ts", "level", "part", "logger", "message")


def configuration(*, form: str, level: str) -> dict[str, Any]:
    """Return Django's setting of the logs: `form` is text or json."""
    formatter = "orchard.kit.logs.Json" if form == "json" else "orchard.kit.logs.Text"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            # Django's own handlers write what they like; ours knows what to cut.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            # Each request has a line already; of those that were refused Django would add one with the address.
            "django.request": {"level": "ERROR"},
            # Statements with their values, however much somebody wants to read.
            "django.db.backends": {"level": "INFO"},
            "_granian": {"level": "WARNING"},
        },
    }


def _known(record: logging.LogRecord) -> dict[str, Any]:
    doing = here()
    given = {
        "request_id": doing.request_id,
        "route": doing.route,
        "method": doing.method,
        "member_id": doing.member(),
        **{name: _plain(value) for name, value in getattr(record, "fields", {}).items()},
    }
    return {
        "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
        "level": record.levelname.lower(),
        "logger": record.name,
        "part": part,
        "message": _message(record),
        **{name: value for name, value in given.items() if value not in ("", None)},
    }


def _plain(value: Any) -> Any:
    return cleaned(value) if isinstance(value, str) else value


def _message(record: logging.LogRecord) -> str:
    """Return what a record says. What Django says of a request quotes its address and headers, so we say it."""
    if hasattr(record, "request"):
        status = getattr(record, "status_code", None)
        return f"Answered {status}." if status else "Something is wrong with a request."
    try:
        return cleaned(record.getMessage()).replace("\n", "\\n")
    except (TypeError, ValueError):
        return "A line of the log could not be written."


def _error_of(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return told(error) if error else ""


def _link(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    name, words = type(error).__qualname__, words_of(error)
    return "\n".join(filter(None, (frames, f"{name}: {words}" if words else name)))


def _words_of_database(error: psycopg.Error) -> str:
    """Return state and place of an error of the database; its words only where they quote no values."""
    said, state = error.diag, error.sqlstate or ""
    primary = said.message_primary or ("" if state else str(error))
    words = primary.split("\n")[0] if not state or state.startswith(_OWN_WORDS) else ""
    place = [part for part in (said.table_name, said.column_name, said.constraint_name) if part]
    return cleaned(" ".join(filter(None, (state, ".".join(place), words))))


def _unless_token(found: re.Match[str]) -> str:
    text = found[0]
    mixed = any(map(str.isupper, text)) and any(map(str.islower, text)) and any(map(str.isdigit, text))
    return "[token]" if mixed or _PIECE.search(text) else text


def _ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logging.getLogger(__name__).critical("Ended by an error.", exc_info=(kind, error, trace))
