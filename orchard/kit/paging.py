"""How a long list is walked: by the last key seen, never by counting rows."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from orchard.kit.errors import Refused

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a longer list, and the cursors that lead on and back (empty: nothing there)."""

    rows: Sequence[Row]
    next: str = ""
    previous: str = ""


def encode(key: Sequence[str | int | None], *, back: bool = False) -> str:
    """Write a key as an opaque cursor for a URL."""
    raw = json.dumps([back, *key], separators=(",", ":"), default=str).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(cursor: str) -> tuple[bool, list[str | int | None]]:
    """Read a cursor: whether it leads back, and the key."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        back, *key = json.loads(raw)
    except (ValueError, TypeError) as error:
        raise Refused("This link to a page of the list is broken. Open the list anew.") from error
    if not isinstance(back, bool) or not all(part is None or isinstance(part, str | int) for part in key):
        raise Refused("This link to a page of the list is broken. Open the list anew.")
    return back, key


def page(
    rows: Sequence[Row],
    *,
    size: int,
    cursor: str,
    key: Callable[[Row], Sequence[str | int | None]],
) -> Page[Row]:
    """Cut `rows` (fetched as `size + 1`, in the direction of the cursor) to one page with its cursors."""
    back = bool(cursor) and decode(cursor)[0]
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
