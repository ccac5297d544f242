"""Promise: a company that is twice as large waits twice as long, and hardly more: no work grows faster than its facts.

Companies of one, two, four and eight million facts do the same three things: all facts are drained as an import left
them, the funnel is asked of a new moment, and a new version comes into force for everybody. Contacts and companies grow
with the facts, twenty facts to a contact, as in the large data set, and with the contacts what follows from them: the
verdicts, the leads that become ripe, the rows of the lake. The agreement and the kinds of facts stay as they are.

The exponent is the slope of the logarithm of the seconds over that of the facts, by least squares: 1 means in step.
What each work costs however little there is to do would make it look smaller than it is, so the seconds of a company of
next to nothing are taken off first. Short work is repeated, and its quickest run counts: a neighbour's noise only adds.
"""

import math
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bench import company, facts, people
from bench.figures import LOWER, Figure, rounded
from bench.ground import Ground, say
from orchard.agreement.actions import refresh
from orchard.engine import lake
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports.queries import numbers
from orchard.reports.types import Asked

SIZES = (1_000_000, 2_000_000, 4_000_000, 8_000_000)
NOTHING = 2_000
PER_CONTACT = 20
ASKED, REFRESHED = 5, 4
VERSION = 1

# At most so much of the smallest company's time is taken for what it costs to do nothing. At full size that costs less;
# where everything is shrunk so far that it costs more, the exponent says little.
FIXED_SHARE = 0.5

PROMISE = 1.05
# What Odoo's seconds grow with, measured apart: when leads are assigned, and when a mailing is sent.
ASSIGNING, MAILING = 1.57, 1.36


class Seconds(NamedTuple):
    """How long one company waited for each kind of work."""

    drain: float
    funnel: float
    refresh: float


def measure(here: Ground) -> list[Figure]:
    """Let companies of all sizes do everything, the smallest first, and see how the seconds grow."""
    _waited(here, NOTHING)  # whoever comes first compiles, and would be taken for what nothing costs
    fixed = _waited(here, NOTHING)
    sizes = [here.count(size) for size in SIZES]
    waited = [_waited(here, size) for size in sizes]
    found = {kind: _exponent(kind, sizes, waited, fixed) for kind in Seconds._fields}
    say(f"  Odoo, measured apart: {ASSIGNING} for assigning leads, {MAILING} for a mailing")
    return [
        Figure("exponent", rounded(max(found.values())), "slope", LOWER, PROMISE, MAILING),
        *(
            Figure(f"exponent_{kind}", rounded(value), "slope", LOWER, PROMISE, None)
            for kind, value in found.items()
        ),
    ]


def _exponent(kind: str, sizes: Sequence[int], waited: Sequence[Seconds], fixed: Seconds) -> float:
    """Return the slope for one kind of work, and say what it is made of."""
    seconds = [getattr(each, kind) for each in waited]
    nothing = min(getattr(fixed, kind), FIXED_SHARE * min(seconds))
    beyond = [each - nothing for each in seconds]
    told = ", ".join(f"{each:.2f} s for {size:,}" for size, each in zip(sizes, seconds, strict=True))
    say(f"  {kind}: {told}; {nothing:.2f} s of each for nothing")
    return slope([math.log(size) for size in sizes], [math.log(each) for each in beyond])


def slope(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Return the slope of the straight line that lies nearest to the points, by least squares."""
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def _waited(here: Ground, count: int) -> Seconds:
    """Let a company of so many facts drain them, ask for its funnel and change its agreement."""
    waiting = here.cached(f"growth_{count}_{VERSION}", lambda: _let_wait(count))
    with here.clone(waiting):
        done = here.orchard("drain")
        if done["stuck"] or done["facts"] < count:
            raise Refused(f"The drain did {done}, which is not what it should.")
        with here.connect() as connection:
            connection.execute("VACUUM (ANALYZE)")  # as PostgreSQL does by itself, but at moments of its own
        lake.sync(now=clock.now())
        return Seconds(float(done["seconds"]), _quickest(_ask, ASKED), _quickest(_refresh, REFRESHED))


def _let_wait(count: int) -> None:
    """Store the people and their facts, in the order of time, as an import leaves them."""
    now, contacts = clock.now(), count // PER_CONTACT
    company.found(now - facts.SPAN)
    people.store(contacts, now - facts.SPAN)
    facts.append(count, contacts, until=now, bulk="true")


def _quickest(work: Callable[[int], float], times: int) -> float:
    """Return the seconds of the quickest of some runs."""
    return min(work(number) for number in range(times))


def _ask(_number: int) -> float:
    """Ask for the funnel of a moment that nobody asked of yet."""
    lake.forget_derived()
    numbers.forget_answers()
    begun = time.monotonic()
    numbers.answer("funnel", Asked(), now=clock.now())
    return time.monotonic() - begun


def _refresh(number: int) -> float:
    """Let another version come into force, and assess everybody by it."""
    company.sign(company.agreement().replace("at_least: 60", f"at_least: {56 + number % 2}"), clock.now())
    done = refresh(now=clock.now())
    if not done.changed:
        raise Refused("A new version changed no verdict.")
    return done.seconds
