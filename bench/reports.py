"""Promise: each report over a million contacts is there in five seconds, and asked again in a fifth of one.

What the worker makes ahead, so that nobody waits for it, is there in fifteen.
"""

import time

from bench import facts, leads
from bench.figures import LOWER, Figure, rounded
from bench.ground import Ground, middle, say
from bench.large import contacts_at, large
from bench.segment import scanned
from orchard.engine import lake
from orchard.kit import clock
from orchard.reports.queries import numbers
from orchard.reports.types import Asked

TIMES = 3


def measure(here: Ground) -> list[Figure]:
    """Ask each report of a moment that nobody asked of yet, and once more."""
    with here.clone(large(here)):
        facts.read_to_the_end()
        leads.append(here.count(leads.LEADS, 500), contacts_at(here))
        lake.sync(now=clock.now())
        fresh, ahead, again, bare = [], [], [], []
        for name, report in numbers.REPORTS.items():
            _asked(report)  # a process compiles what it asks once, for as long as it lives
            runs = [_asked(report) for _ in range(TIMES)]
            first = middle([first for first, _ in runs])
            (ahead if report.ahead else fresh).append(first)
            again.append(middle([second for _, second in runs]))
            bare.append(scanned())
            say(f"  {name}: {first:.2f} s, again {1000 * again[-1]:.0f} ms; the kinds alone {bare[-1]:.2f} s")
    return [
        Figure("worst_s", rounded(max(fresh)), "s", LOWER, 5, rounded(max(bare))),
        Figure("ahead_s", rounded(max(ahead)), "s", LOWER, 15, rounded(max(bare))),
        Figure("worst_ms", rounded(1000 * max(again)), "ms", LOWER, 200, rounded(1000 * max(bare))),
    ]


def _asked(report: numbers.Report) -> tuple[float, float]:
    """Return how many seconds a report takes of a new moment, and when another process asks the same of it."""
    lake.forget_derived()
    numbers.forget_answers()
    begun = time.monotonic()
    answer = numbers.answer(report.name, Asked(), now=clock.now())
    first = time.monotonic() - begun
    numbers.forget_answers()  # what this process remembers; what it kept for others stays
    begun = time.monotonic()
    numbers.answer(report.name, Asked(stamp=answer.stamp), now=clock.now())
    return first, time.monotonic() - begun
