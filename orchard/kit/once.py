"""What many readers of one page ask alike is asked once: an answer is kept while the page is read, and no longer."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

Answer = TypeVar("Answer")

_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Keep answers until the block ends; only for blocks that read, since what is written meanwhile is not seen."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def keep(key: Hashable, answer: object) -> None:
    """Keep an answer that was found on the way, while a page is read."""
    kept = _kept.get()
    if kept is not None:
        kept.setdefault(key, answer)


def asked(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """Return what `ask` says, or while a page is read what it said before under this key; nobody may change that."""
    kept = _kept.get()
    if kept is None:
        return ask()
    if key not in kept:
        kept[key] = ask()
    return cast("Answer", kept[key])
