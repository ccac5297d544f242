"""Decides what a token reaches, how one is written, which facts others may state, and what no JSON of ours may hold."""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from orchard.api.types import AHEAD, Flaw, Scope, State
from orchard.interactions.types import KINDS, Kind
from orchard.team.types import Role

_EVERYBODY = frozenset(Role)
_MARKETING = frozenset({Role.MARKETING, Role.MANAGER, Role.ADMIN})

REACH: Mapping[Scope, frozenset[Role]] = {
    Scope.CONTACTS_READ: _EVERYBODY,
    Scope.CONTACTS_WRITE: _EVERYBODY,
    Scope.FACTS_READ: _EVERYBODY,
    Scope.FACTS_WRITE: _MARKETING,
    Scope.LEADS_READ: _EVERYBODY,
    Scope.SEGMENTS_READ: _EVERYBODY,
    Scope.LEADS_WRITE: _EVERYBODY,
}
"""Which roles may do by a token what their pages let them do. A test holds it against the table of permissions."""

_TOKEN = re.compile(r"orchard_([a-z0-9]{8})_([A-Za-z0-9_-]{43})")
_KEY = re.compile(r"[\x20-\x7e]{1,255}")

DEEPEST = 12
"""How deep JSON of ours may be nested."""

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)

_BIGINT = 2**63
_UNTOLD = re.compile("[\0\ud800-\udfff]")

_OF_OUR_OWN = frozenset(
    {"account", "agreement", "consent", "contact", "fact", "import", "lead", "stage", "verdict"}
)
"""First words of kinds that follow from what happens in Orchard, and that nobody states from outside."""


def may_be_stated(kind: Kind) -> bool:
    """Tell whether another system may state facts of this kind: something a contact did, or we did with them."""
    return bool(kind.direction) and kind.name.partition(".")[0] not in _OF_OUR_OWN


STATEABLE = tuple(kind.name for kind in KINDS.values() if may_be_stated(kind))


def reach(granted: frozenset[Scope], role: Role) -> frozenset[Scope]:
    """Return which of the scopes granted to a token its member's role leaves."""
    return frozenset(scope for scope in granted if role in REACH[scope])


def state(
    *, withdrawn_at: datetime | None, expires_at: datetime | None, member_active: bool, now: datetime
) -> State:
    """Return whether a token works."""
    if withdrawn_at is not None:
        return State.WITHDRAWN
    if expires_at is not None and expires_at <= now:
        return State.EXPIRED
    return State.WORKS if member_active else State.MEMBER_OFF


def token_of(text: str) -> tuple[str, str] | None:
    """Return prefix and secret of a token as it is written, or None where the text is none."""
    found = _TOKEN.fullmatch(text)
    return (found[1], found[2]) if found else None


def is_key(text: str) -> bool:
    """Tell whether a text can be an `Idempotency-Key`: 1 to 255 printable ASCII characters."""
    return _KEY.fullmatch(text) is not None


def wrong_time(at: datetime, *, now: datetime) -> str:
    """Return why nothing can have happened then, or the empty text."""
    if at > now + AHEAD:
        return "This lies ahead. Give the time at which it happened."
    return "" if at >= EARLIEST else "This lies before 1900. Look at the year."


def has_unstorable(text: str) -> bool:
    """Tell whether a text holds a zero character or half a character, which no database text holds."""
    return _UNTOLD.search(text) is not None


def flaws_of(tree: Any, pointer: str = "", depth: int = 0) -> Iterator[Flaw]:
    """Yield what JSON holds that can be kept nowhere: such texts and names, numbers too large, nesting too deep."""
    if isinstance(tree, str):
        if has_unstorable(tree):
            yield Flaw("This text holds a character that no text may hold (NUL, or half of a pair).", pointer)
    elif isinstance(tree, int | float):
        if not math.isfinite(tree) or not -_BIGINT <= tree < _BIGINT:
            yield Flaw("This number is too large.", pointer)
    elif isinstance(tree, list | dict):
        if depth >= DEEPEST:
            yield Flaw(f"This is nested too deep; {DEEPEST} levels fit.", pointer)
            return
        yield from _flaws_inside(tree, pointer, depth)


def _flaws_inside(tree: list[Any] | dict[str, Any], pointer: str, depth: int) -> Iterator[Flaw]:
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for name, part in parts:
        if isinstance(name, str) and has_unstorable(name):
            yield Flaw("A name in here holds a character that no text may hold.", pointer)
            continue
        yield from flaws_of(part, f"{pointer}/{escaped(name)}", depth + 1)


def escaped(part: str | int) -> str:
    """Return one step of a JSON pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")
