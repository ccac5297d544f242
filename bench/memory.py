"""How much memory a process and all that it starts take together, sampled while it runs."""

import threading
from types import TracebackType
from typing import Self

import psutil

EVERY = 0.5


class Peak:
    """The highest sum of proportional set sizes (PSS: shared pages count once) of a process and its descendants."""

    def __init__(self, pid: int) -> None:
        """Watch the process `pid`."""
        self._process = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.bytes = 0

    @property
    def megabytes(self) -> float:
        """The peak in megabytes."""
        return self.bytes / 1e6

    def __enter__(self) -> Self:
        """Begin to sample."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop sampling."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(EVERY):
            self.bytes = max(self.bytes, self._now())

    def _now(self) -> int:
        try:
            family = [self._process, *self._process.children(recursive=True)]
        except psutil.Error:
            return 0
        return sum(map(_taken, family))


def _taken(process: psutil.Process) -> int:
    """Return the PSS, or where the system does not tell it, the resident set, which is never less."""
    try:
        found = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(found, "pss", 0) or found.rss)
