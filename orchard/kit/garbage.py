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
