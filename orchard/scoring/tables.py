"""The score as expressions: one line per rule, and the hour at which decay alone takes it below a threshold.

Everything is written over one `Plan`, so that all sums share the plan's one grouping of the facts.
"""

from collections.abc import Sequence
from operator import add
from typing import Any

from orchard.engine import expressions as e
from orchard.engine.conditions import Did
from orchard.engine.plan import Plan
from orchard.engine.truths import Beside, Truth
from orchard.scoring.types import Rules

FARTHEST = 17
"""Decay is looked ahead 2^17 hours, 15 years; whoever is still above the threshold then is looked at then."""

COUNT = "scored_facts"


class Scoring:
    """The score of every contact at the plan's `now` (a full UTC hour), in millionths of a point.

    score = Σ_f points_f·[f holds] + Σ_r min(cap_r, Σ_i points_r·2^(−max(0, now − t_i)/half_life_r)), section 5 of
    the design. In this order: `aggregates()` into the plan's grouping, `plan.marked` over that, `lined`.
    """

    def __init__(self, F: Any, rules: Rules, plan: Plan) -> None:  # noqa: N803 - PySpark's name for its functions
        self.F = F
        self.rules = rules
        self.plan = plan
        self.raw = [f"sum_{place}" for place in range(len(rules.engagement))]
        self.fit = [f"fit_{place}" for place in range(len(rules.fit))]
        self.earned = [f"earned_{place}" for place in range(len(rules.engagement))]

    @property
    def lines(self) -> list[str]:
        """The columns of the lines that `lined` adds, in the order of the rules."""
        return [*self.fit, *self.earned]

    def aggregates(self) -> list[Any]:
        """Return the aggregates over the plan's counted facts that `lined` and `Crossing` read."""
        at = e.micros(self.F, self.F.col("occurred_at"))
        found = []
        for name, rule in zip(self.raw, self.rules.engagement, strict=True):
            points = e.decayed(
                self.F, points=rule.points, half_life_days=rule.half_life_days, at=at, now=self.plan.now
            )
            matches = self.plan.matches(Did(did=rule.kinds, where=rule.where))
            found.append(e.whole_sum(self.F, self.F.when(matches, points)).alias(name))
        return [*found, self.F.count(self.F.lit(1)).alias(COUNT)] if found else []

    def lined(self, frame: Any, beside: Beside) -> Any:
        """Return a marked `frame` with the columns of all lines, `fit`, `engagement` and `total` besides."""
        F = self.F  # noqa: N806
        none = F.lit(0).cast("bigint")
        fit = [
            F.when(self.plan.truth(rule.when, beside).holds, F.lit(rule.points))
            .otherwise(F.lit(0))
            .cast("bigint")
            for rule in self.rules.fit
        ]
        earned = [
            self._capped(F.coalesce(F.col(name), F.lit(0)), rule.cap)
            for name, rule in zip(self.raw, self.rules.engagement, strict=True)
        ]
        lines = [column.alias(name) for name, column in zip(self.lines, [*fit, *earned], strict=True)]
        frame = frame.select(*frame.columns, *lines)
        parts = frame.select(
            *frame.columns,
            e.joined(add, [none, *map(F.col, self.fit)]).alias("fit"),
            e.joined(add, [none, *map(F.col, self.earned)]).alias("engagement"),
        )
        return parts.select(*parts.columns, (F.col("fit") + F.col("engagement")).alias("total"))

    def _capped(self, points: Any, cap: int | None) -> Any:
        return points if cap is None else self.F.least(points, self.F.lit(cap))

    def fit_changes(self, beside: Beside) -> Truth:
        """Return the first hour at which a fit line comes or goes with time, as the `changes_at` of a truth."""
        truths = [self.plan.truth(rule.when, beside) for rule in self.rules.fit]
        return Truth(None, self.plan.earliest(truths))


class Crossing:
    """The first full hour at which decay takes a score below a threshold, by bisection on the hour grid.

    What is summed at `now` decays at least as slowly later on as L(k) = base + Σ_r min(cap_r, sum_r·2^(−k/h_r)),
    but for the rounding of each fact, one millionth at most; so the first hour with L(k) − facts < threshold is
    never late. It is at most one hour early where no fact is dated ahead of the running hour (its own facts are
    taken to have begun decaying); such facts make it earlier, and then the next look finds the next hour.
    """

    def __init__(
        self,
        F: Any,  # noqa: N803
        rules: Rules,
        *,
        base: str,
        sums: Sequence[str],
        caps: bool = True,
        count: str = COUNT,
    ) -> None:
        """Look ahead over the columns `base` (what does not decay) and `sums`, one per engagement rule.

        `count` is the column that says of how many facts the sums are.
        """
        self.F = F
        self.rules = rules
        self.base = base
        self.sums = list(sums)
        self.caps = caps
        self.count = count

    def hour(self, score: str, threshold: int, now: Any) -> Any:
        """Return the hour (microseconds since 1970 UTC), null where decay never gets there.

        `score` is the column of the score now: whoever is below the threshold already never falls below it.
        """
        F, col = self.F, self.F.col  # noqa: N806
        least = F.lit(threshold) + F.coalesce(col(self.count), F.lit(0)) * len(self.rules.engagement)
        lacks = least - col(self.base)
        steps = F.array(*(F.lit(2**bit).cast("bigint") for bit in reversed(range(FARTHEST))))

        def gone(hours: Any, step: Any) -> Any:
            """Go on by `step` hours where the score is still above the threshold then."""
            return F.when(self._left(hours + step) >= lacks, hours + step).otherwise(hours)

        hours = F.aggregate(steps, F.lit(0).cast("bigint"), gone)
        falls = (col(score) >= threshold) & (lacks > 0)
        return F.when(falls, now + (hours + 1) * e.MICROS_PER_HOUR)

    def _left(self, hours: Any) -> Any:
        """Return what is left of the sums after so many hours."""
        F = self.F  # noqa: N806
        left = []
        for name, rule in zip(self.sums, self.rules.engagement, strict=True):
            half_lives = hours / F.lit(rule.half_life_days * 24)
            points = F.coalesce(F.col(name), F.lit(0)).cast("double") * F.pow(e.exact(F, 2), -half_lives)
            cap = rule.cap if self.caps else None
            left.append(points if cap is None else F.least(points, e.exact(F, cap)))
        return e.joined(add, left)
