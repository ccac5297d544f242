"""Whose turn it is in a pool: who was given least for the weight, and nobody catches up for the time away.

Stride scheduling (Waldspurger and Weihl, 1995): each member has a mark that moves on by a stride, the shorter the
larger the weight, whenever a lead is given; the one whose mark is lowest is next. Among members of equal weight who
are there all the time, the numbers of leads differ by one at most.
"""

import heapq
from collections.abc import Collection, Mapping
from dataclasses import dataclass

STRIDE = 2_520
"""By how far the mark of weight 1 moves on: each weight from 1 to 10 divides it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a member's turns are, and the number of the one that was the last."""

    at: int = 0
    served: int = 0


class Turns:
    """The turns of a pool among the members who can take a lead now."""

    def __init__(
        self, weights: Mapping[int, int], marks: Mapping[int, Mark], *, floor: int = 0, served: int = 0
    ) -> None:
        """Take the members with their weights, the marks of those who have any, and where the pool stands.

        `floor` is the mark of whoever was served last, before it moved on: nobody comes in below it, or somebody who
        was away would get every lead until all others are caught up with.
        """
        self.weights, self.floor, self.served = weights, floor, served
        self.changed: dict[int, Mark] = {}
        nothing = Mark(floor)
        marked = ((each, marks.get(each, nothing)) for each in weights)
        self._queue = [(max(mark.at, floor), mark.served, each) for each, mark in marked]
        heapq.heapify(self._queue)

    def next(self, free: Collection[int], asked: Collection[int] = ()) -> int | None:
        """Return whose turn it is among those `free` and not `asked` before, and move on; None: nobody's."""
        passed, found = [], None
        while self._queue:
            at, served, member = heapq.heappop(self._queue)
            if member not in free:
                continue
            if member in asked:
                passed.append((at, served, member))
                continue
            found = member
            self.floor, self.served = max(self.floor, at), self.served + 1
            mark = Mark(at + STRIDE // self.weights[member], self.served)
            self.changed[member] = mark
            passed.append((mark.at, mark.served, member))
            break
        for each in passed:
            heapq.heappush(self._queue, each)
        return found
