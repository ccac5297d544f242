"""When the collector of cycles rests: many small objects that hold no cycle are freed without it, and slowed by it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the collector in this process; it goes on afterwards, if it was on."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def swept() -> None:
    """Free the few cycles that were made meanwhile, looking at young objects only."""
    gc.collect(0)


def settle() -> None:
    """Let what is loaded by now stay unlooked at, and what a page makes be looked at about once: for who serves pages.

    A page makes some ten thousand objects, nearly all of which go with it; by itself the collector would walk through
    them a dozen times a page, and through all modules now and then.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
