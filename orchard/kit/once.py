"""What many readers of one page ask alike is asked once: an answer is kept while the page is read, and no longer."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

Answer = TypeVar("Answer")
Of = TypeVar("Of", bound=Hashable)

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


def each(
    key: Hashable, of: Iterable[Of], ask: Callable[[Collection[Of]], Mapping[Of, Answer]]
) -> dict[Of, Answer]:
    """Return what `ask` says of each of these, and while a page is read ask only for those it was not asked for before.

    What nothing is said of is absent, and is not asked for again.
    """
    wanted = set(of)
    kept = _kept.get()
    if kept is None:
        return dict(ask(wanted)) if wanted else {}
    known: dict[Of, Answer | None] = kept.setdefault((key, "each"), {})
    if unknown := wanted - known.keys():
        known |= dict.fromkeys(unknown) | dict(ask(unknown))
    return {one: answer for one in wanted if (answer := known[one]) is not None}


def keep_each(key: Hashable, answers: Mapping[Of, object]) -> None:
    """Keep what was found of some on the way, None for what nothing is said of, while a page is read."""
    kept = _kept.get()
    if kept is not None:
        kept.setdefault((key, "each"), {}).update(answers)


def asked(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """Return what `ask` says, or while a page is read what it said before under this key; nobody may change that."""
    kept = _kept.get()
    if kept is None:
        return ask()
    if key not in kept:
        kept[key] = ask()
    return cast("Answer", kept[key])
