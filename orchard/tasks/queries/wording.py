"""The kinds of notices that the rooms declare, as the wiring hands them down when the process starts."""

from collections.abc import Iterable

from orchard.tasks.types import NoticeKind

_kinds: dict[str, NoticeKind] = {}


def install_notice_kinds(kinds: Iterable[NoticeKind]) -> None:
    """Take in what the rooms declare as their `NOTICES`; called once, when the application starts."""
    _kinds.clear()
    _kinds.update({kind.name: kind for kind in kinds})


def kind_of(name: str) -> NoticeKind:
    """Return how notices of a kind are worded; a kind that no room declared is a slip of the pen."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(
            f"No room declares notices of the kind {name!r}; add it to the room's NOTICES."
        ) from None


def known_kinds() -> frozenset[str]:
    """Return the names of all kinds."""
    return frozenset(_kinds)
