"""How a long list is walked: by the last key seen, never by counting rows."""

import base64
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, Generic, NamedTuple, TypeVar, get_args

from orchard.kit.errors import Refused

Row = TypeVar("Row")

_INTEGERS = 2**63  # what a bigint of PostgreSQL holds
_UNTOLD = re.compile("[\0\ud800-\udfff]")  # what no text of PostgreSQL holds


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a longer list, and the cursors that lead on and back (empty: nothing there)."""

    rows: Sequence[Row]
    next: str = ""
    previous: str = ""


Walk = Callable[[str, int], Page[Row]]
"""A list that is ready to be walked: asked with a cursor and a size, it gives that page."""


class By(NamedTuple):
    """What a list is sorted by: the name of a sort, and whether from its highest value down."""

    key: str
    down: bool = False


def encode(key: Sequence[object], *, back: bool = False) -> str:
    """Write a key as an opaque cursor for a URL."""
    raw = json.dumps([back, *key], separators=(",", ":"), default=str).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(cursor: str, *shape: type | UnionType) -> tuple[bool, list[Any]]:
    """Read a cursor: whether it leads back, and the key, whose parts are of `shape`; without a cursor there is none.

    Whatever no list of ours can have written is refused here, so that a key may go into a query as it stands.
    """
    if not cursor:
        return False, []
    back, key = _read(cursor)
    if len(key) != len(shape):
        raise _broken()
    return back, [_fitted(part, sort) for part, sort in zip(key, shape, strict=True)]


def _read(cursor: str) -> tuple[bool, list[Any]]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        back, *key = json.loads(raw)
    except (ValueError, TypeError, RecursionError) as error:
        raise _broken() from error
    if not isinstance(back, bool):
        raise _broken()
    return back, key


def _fitted(part: Any, sort: type | UnionType) -> Any:
    if isinstance(sort, UnionType) and NoneType in get_args(sort):
        return None if part is None else _fitted(part, get_args(sort)[0])
    if sort is datetime:
        return _moment(part)
    if sort is date:
        return _day(part)
    if isinstance(part, bool) or not isinstance(part, sort):
        raise _broken()
    if isinstance(part, int) and not -_INTEGERS <= part < _INTEGERS:
        raise _broken()
    if isinstance(part, str) and _UNTOLD.search(part):
        raise _broken()
    return part


def _moment(part: Any) -> datetime:
    try:
        at = datetime.fromisoformat(part)
    except (ValueError, TypeError) as error:
        raise _broken() from error
    if at.tzinfo is None:
        raise _broken()
    return at


def _day(part: Any) -> date:
    try:
        return date.fromisoformat(part)
    except (ValueError, TypeError) as error:
        raise _broken() from error


def _broken() -> Refused:
    return Refused("This link to a page of the list is broken. Open the list anew.")


def page(
    rows: Sequence[Row],
    *,
    size: int,
    cursor: str,
    key: Callable[[Row], Sequence[object]],
) -> Page[Row]:
    """Cut `rows` (fetched as `size + 1`, in the direction of the cursor) to one page with its cursors."""
    back = bool(cursor) and _read(cursor)[0]
    more = len(rows) > size
    shown = list(rows[:size])
    if back:
        shown.reverse()
    if not shown:
        return Page(rows=shown)
    return Page(
        rows=shown,
        next=encode(key(shown[-1])) if more or back else "",
        previous=encode(key(shown[0]), back=True) if (cursor and not back) or (back and more) else "",
    )
