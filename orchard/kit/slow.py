"""Which statements of the database take long: the slow ones are told by their shape, never by their values."""

import logging
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db import connection
from psycopg.sql import Composable

from orchard.kit import logs

logger = logging.getLogger(__name__)

LONGEST = 1_000
"""Characters of a shape that are kept."""

MOST = 200
"""Shapes that a process keeps between two times that somebody takes them; what is beyond stands in the log alone."""

_SPACE = re.compile(r"\s+")
_LISTS = re.compile(r"%s(?:\s*,\s*%s)+")
_VALUES = re.compile(
    r"/\*.*?\*/"  # a remark
    r"|--[^\n]*"
    r"|\$(\w*)\$.*?\$\1\$"  # a text between dollars
    r"|\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'?"  # a text, or its beginning
    r"|(?<![\w$%\"])\d+(?:\.\d+)?\b",
    re.DOTALL,
)


@dataclass(slots=True)
class Slow:
    """How often one shape of a statement was slow at one place, in all and at worst, in milliseconds."""

    shape: str
    place: str
    times: int = 0
    total_ms: float = 0.0
    worst_ms: float = 0.0


_limit = 0.5
_kept: dict[tuple[str, str], Slow] = {}
_seen: dict[str, int] = {}
_lock = Lock()


def set_limit(milliseconds: int) -> None:
    """Say from when on a statement is slow."""
    global _limit  # noqa: PLW0603 - one limit for a process
    _limit = milliseconds / 1000


def watching() -> AbstractContextManager[None]:
    """Time every statement of this thread's connection."""
    return connection.execute_wrapper(_timed)


class timed:  # noqa: N801 - it reads as a verb
    """Time a statement that goes past Django's cursors, with as little as it takes."""

    __slots__ = ("_begun", "_sql")

    def __init__(self, sql: str) -> None:
        self._sql = sql

    def __enter__(self) -> None:
        """Begin."""
        self._begun = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        """Tell, if it was slow; whatever went wrong goes on."""
        if (took := time.perf_counter() - self._begun) >= _limit:
            _note(self._sql, took)


def taken() -> list[Slow]:
    """Return what was slow since the last time somebody took it, and forget it."""
    with _lock:
        found = list(_kept.values())
        _kept.clear()
    return found


def shape_of(sql: object) -> str:
    """Return a statement without any value: literals cut, lists of placeholders as one, spaces as one."""
    if isinstance(sql, Composable):
        sql = sql.as_string(None)
    text = sql.decode(errors="replace") if isinstance(sql, bytes) else str(sql)
    text = _VALUES.sub(lambda found: "" if found[0].startswith(("--", "/*")) else "?", text)
    return _SPACE.sub(" ", _LISTS.sub("%s, …", text)).strip()[:LONGEST]


def _timed(
    execute: Callable[[Any, Any, bool, dict[str, Any]], Any],
    sql: Any,
    params: Any,
    many: bool,  # noqa: FBT001 - Django calls it so
    context: dict[str, Any],
) -> Any:
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        if (took := time.perf_counter() - begun) >= _limit:
            _note(sql, took)


def _note(sql: object, seconds: float) -> None:
    shape, milliseconds = shape_of(sql), round(seconds * 1000, 1)
    place = logs.here().route or logs.part
    with _lock:
        if shape in _seen or len(_seen) < MOST:
            _seen[shape] = _seen.get(shape, 0) + 1
        times = _seen.get(shape, 1)
        if (shape, place) in _kept or len(_kept) < MOST:
            kept = _kept.setdefault((shape, place), Slow(shape, place))
            kept.times += 1
            kept.total_ms += milliseconds
            kept.worst_ms = max(kept.worst_ms, milliseconds)
    logger.warning("A statement was slow.", extra=logs.fields(ms=milliseconds, times=times, sql=shape))
