"""Turn conditions into expressions: what holds for each contact, and when time alone would change it.

All conditions of one plan share one grouping of the facts. What someone did boils down to his n-th newest
matching fact: "at least n within w days" holds while that fact is younger than w days, "at most m" while the
(m+1)-th newest is not. So nothing is counted per window, and the hour of change is read off the same times.
"""

from collections.abc import Iterable, Iterator, Mapping
from operator import and_, or_
from typing import Any

from orchard.engine import comparing
from orchard.engine import expressions as e
from orchard.engine.conditions.atoms import Leaf, atoms, kinds_named
from orchard.engine.conditions.reading import written
from orchard.engine.conditions.tree import All, AnyOf, Condition, Did, FieldIs, Not, Score, Segment, Stage
from orchard.engine.truths import Beside, Given, Truth
from orchard.engine.types import CONTACTS, FACTS, Catalogue, Field


class Plan:
    """The truth of several conditions for every contact at `now`, from one grouping of the facts.

    In this order: group `counted(facts)` by `contact_id` with `aggregates()` and whatever else is summed; put
    that beside `contacts` (`expressions.beside`); `marked(…)` adds the leaves as columns; then `truth(…)` and
    `leaf(…)` are short expressions over those. Steps are frames of their own, so that each value is computed
    once: written out in one select, a tree of ten leaves takes ten times as long to plan.
    """

    def __init__(self, F: Any, catalogue: Catalogue, conditions: Iterable[Condition], now: Any) -> None:  # noqa: N803 - PySpark's name for its functions
        self.F = F
        self.catalogue = catalogue
        self.now = e.micros(F, now)
        self.kinds: frozenset[str] = frozenset()
        self._leaves: dict[str, tuple[str, Leaf]] = {}
        self._deeds: dict[str, tuple[str, Did]] = {}
        self._depths: dict[str, int] = {}
        for condition in conditions:
            self.kinds |= kinds_named(condition)
            for atom in atoms(condition):
                self._note(atom.leaf)

    def _note(self, leaf: Leaf) -> None:
        if not isinstance(leaf, Score):
            self._leaves.setdefault(repr(leaf), (f"leaf_{len(self._leaves)}", leaf))
        if isinstance(leaf, Did):
            name, _ = self._deeds.setdefault(_deed(leaf), (f"did_{len(self._deeds)}", leaf))
            self._depths[name] = max(*_places(leaf), self._depths.get(name, 1))

    def counted(self, facts: Any, more_kinds: Iterable[str] = ()) -> Any:
        """Return the facts that count: made by a human, of a contact, of a kind that somebody here names."""
        col = self.F.col
        kinds = sorted({*self.kinds, *more_kinds})
        return facts.filter(col("kind").isin(*kinds) & col("human") & col("contact_id").isNotNull())

    def reached(self, facts: Any, besides: Iterable[str] = ()) -> Any:
        """Return those of `counted` facts that some leaf can reach: such as it asks for, in the widest window of it.

        What lies before every window neither holds nor turns anything. Facts of the kinds `besides` all stay.
        """
        at, col = e.micros(self.F, self.F.col("occurred_at")), self.F.col
        ways = [col("kind").isin(*sorted(besides))] if besides else []
        for _, did in self._deeds.values():
            windows = [
                leaf.within_days
                for _, leaf in self._leaves.values()
                if isinstance(leaf, Did) and _deed(leaf) == _deed(did)
            ]
            days = [each for each in windows if each is not None]
            way = self.matches(did)
            if len(days) == len(windows):
                way = way & (at > self.now - max(days) * e.MICROS_PER_DAY)
            ways.append(way)
        return facts.filter(e.joined(or_, ways)) if ways else facts

    def aggregates(self) -> list[Any]:
        """Return the aggregates over `counted` facts that `marked` reads, named `did_0`, `did_1` ..."""
        at = e.micros(self.F, self.F.col("occurred_at"))
        return [
            e.newest(self.F, self.F.when(self.matches(did), at), self._depths[name]).alias(name)
            for name, did in self._deeds.values()
        ]

    def matches(self, did: Did) -> Any:
        """Return whether a fact is of the kinds, and such as `where` asks for; time is not looked at."""
        matches = self.F.col("kind").isin(*sorted(set(did.did)))
        return matches & self._where(did.where) if did.where is not None else matches

    def _where(self, node: Condition) -> Any:
        if isinstance(node, Not):
            return ~self._where(node.condition)
        if isinstance(node, All | AnyOf):
            return e.joined(and_ if isinstance(node, All) else or_, map(self._where, node.conditions))
        if not isinstance(node, FieldIs):
            raise TypeError("Inside `where` stand only fields of the fact; validate conditions first.")
        field = self._find(node, FACTS)
        value = comparing.comparable(self.F, field)
        return comparing.known(self.F, comparing.holds(self.F, node, field, value, self.now))

    def _find(self, leaf: FieldIs, table: str) -> Field:
        found = self.catalogue.find(leaf.field, table)
        if found is None:
            raise LookupError(f"There is no field {leaf.field!r} over {table}; validate conditions first.")
        return found

    def marked(self, frame: Any, beside: Beside, keep: Iterable[str] | None = None) -> Any:
        """Return `frame` with a boolean column for every leaf but scores, and one for its hour of change.

        `keep` names the columns of `frame` that later steps need; None keeps them all.
        """
        kept = list(frame.columns if keep is None else keep)
        leaves = list(self._leaves.values())
        operands = [column.alias(name) for name, column in self._operands(beside)]
        frame = frame.select(*kept, *operands)
        known = [comparing.known(self.F, self._holds(name, leaf)).alias(name) for name, leaf in leaves]
        frame = frame.select(*frame.columns, *known)
        turns = [
            self._turns(name, leaf).alias(f"{name}_at") for name, leaf in leaves if self._moves(leaf, beside)
        ]
        return frame.select(*kept, *(name for name, _ in leaves), *turns)

    def _operands(self, beside: Beside) -> Iterator[tuple[str, Any]]:
        """Yield what leaves compare, each under a name: values of fields, times of deeds, anchors, stages."""
        for name, leaf in self._leaves.values():
            match leaf:
                case FieldIs():
                    yield f"{name}_value", comparing.comparable(self.F, self._find(leaf, CONTACTS))
                case Did():
                    yield from self._times(name, leaf)
                    if isinstance(leaf.since, str):
                        yield f"{name}_start", e.micros(self.F, beside.anchor(leaf.since))
                case Stage():
                    yield f"{name}_value", beside.stage()
                case Segment():
                    truth = beside.segment(leaf.segment)
                    yield f"{name}_value", truth.holds
                    if truth.changes_at is not None:
                        yield f"{name}_turn", truth.changes_at

    def _times(self, name: str, did: Did) -> Iterator[tuple[str, Any]]:
        deed, _ = self._deeds[_deed(did)]
        for place in _places(did):
            time = e.nth_newest(self.F, self.F.col(deed), self._depths[deed], place)
            yield f"{name}_{place}", time

    def _holds(self, name: str, leaf: Leaf) -> Any:
        """Return whether a leaf holds, over its operands; null where something is missing."""
        value = self.F.col(f"{name}_value")
        match leaf:
            case FieldIs():
                return comparing.holds(self.F, leaf, self._find(leaf, CONTACTS), value, self.now)
            case Stage():
                return value.isin(*leaf.stage)
            case Did():
                inside = [self._inside(name, leaf, place) for place in _places(leaf)]
                if leaf.at_most is not None:
                    inside[-1] = ~inside[-1]
                return e.joined(and_, inside)
        return value

    def _inside(self, name: str, did: Did, place: int) -> Any:
        """Return whether the fact at that place counts; after an anchor that never was, none does."""
        at = self.F.col(f"{name}_{place}")
        if did.within_days is not None:
            inside = at > self.now - did.within_days * e.MICROS_PER_DAY
        elif isinstance(did.since, str):
            inside = at > self.F.col(f"{name}_start")
        elif did.since is not None:
            inside = at >= comparing.micros_of(did.since)
        else:
            return at.isNotNull()
        return comparing.known(self.F, inside)

    def _moves(self, leaf: Leaf, beside: Beside) -> bool:
        """Tell whether time alone can turn a leaf."""
        if isinstance(leaf, Segment):
            return beside.segment(leaf.segment).changes_at is not None
        return isinstance(leaf, FieldIs | Did) and leaf.within_days is not None

    def _turns(self, name: str, leaf: Leaf) -> Any:
        """Return the hour at which a leaf that moves turns, over its operands and its own truth."""
        if isinstance(leaf, FieldIs):
            return comparing.turns(self.F, leaf, self.F.col(f"{name}_value"), self.now)
        if isinstance(leaf, Did):
            return self._window_ends(name, leaf)
        return self.F.col(f"{name}_turn")

    def _window_ends(self, name: str, did: Did) -> Any:
        """Return the hour at which a fact's leaving the window turns the answer."""
        when, col = self.F.when, self.F.col
        window = (did.within_days or 0) * e.MICROS_PER_DAY
        ends = [col(f"{name}_{place}") + window for place in _places(did)]
        if did.at_most is None:
            return e.ceil_hour(when(col(name), ends[0]))
        if not did.least:
            return e.ceil_hour(when(~col(name), ends[0]))
        too_few, few_enough = e.ceil_hour(ends[0]), e.ceil_hour(ends[1])
        too_many = self._inside(name, did, did.at_most + 1)
        return when(col(name), too_few).when(too_many & (few_enough < too_few), few_enough)

    def truth(self, condition: Condition, beside: Beside) -> Truth:
        """Return whether a condition holds over a `marked` frame, and the first hour at which a leaf turns.

        For a tree `changes_at` is the earliest among its leaves: never later than its own change. Where the
        tree does not turn with that leaf, the next look finds the next hour.
        """
        if isinstance(condition, Not):
            inner = self.truth(condition.condition, beside)
            return Truth(~inner.holds, inner.changes_at)
        if isinstance(condition, All | AnyOf):
            truths = [self.truth(child, beside) for child in condition.conditions]
            join = and_ if isinstance(condition, All) else or_
            return Truth(e.joined(join, (truth.holds for truth in truths)), self.earliest(truths))
        return self.leaf(condition, beside)

    def leaf(self, leaf: Leaf, beside: Beside) -> Truth:
        """Return the truth of one leaf over a `marked` frame; what is missing makes it false."""
        if isinstance(leaf, Score):
            truth = beside.score(leaf.score, _micro(leaf.at_least), _micro(leaf.at_most))
            return Truth(comparing.known(self.F, truth.holds), truth.changes_at)
        name, _ = self._leaves[repr(leaf)]
        return Truth(self.F.col(name), self.F.col(f"{name}_at") if self._moves(leaf, beside) else None)

    def earliest(self, truths: Iterable[Truth]) -> Any:
        """Return the earliest of the hours of change, or None where nothing changes by time."""
        hours = [truth.changes_at for truth in truths if truth.changes_at is not None]
        return self.F.least(*hours) if len(hours) > 1 else (hours[0] if hours else None)


def _deed(did: Did) -> str:
    """Return what makes two leaves read the same facts."""
    return repr((sorted(set(did.did)), None if did.where is None else written(did.where)))


def _places(did: Did) -> list[int]:
    """Return which newest facts decide: the one that makes it enough, the one that makes it too many."""
    places = [did.least] if did.least else []
    return places if did.at_most is None else [*places, did.at_most + 1]


def _micro(points: float | None) -> int | None:
    return None if points is None else round(points * e.MICRO_POINTS)


def assess(
    F: Any,  # noqa: N803 - PySpark's name for its functions
    tables: Mapping[str, Any],
    now: Any,
    *,
    catalogue: Catalogue,
    conditions: Mapping[str, Condition],
    beside: Beside | None = None,
) -> Any:
    """Return one row per contact: `contact_id`, and for each condition by name its truth and its leaves'.

    Columns: `<name>` boolean and `<name>_changes_at` timestamp of the whole, `<name>_<i>` and
    `<name>_<i>_changes_at` of its i-th atom. `tables` holds `contacts` and, where anything asks what someone
    did, `facts`. For conditions that need no more than this; scoring and the agreement use `Plan` themselves.
    """
    plan = Plan(F, catalogue, conditions.values(), now)
    keep = ["contact_id"] if beside is None else None
    beside = beside or Given()
    wide = tables[CONTACTS]
    if plan.kinds:
        done = plan.counted(tables[FACTS]).groupBy("contact_id").agg(*plan.aggregates())
        wide = e.beside(wide, done, "contact_id")
    wide = plan.marked(wide, beside, keep)
    answers = [F.col("contact_id")]
    for name, condition in conditions.items():
        answers += _answer(F, plan.truth(condition, beside), name)
        for place, atom in enumerate(atoms(condition)):
            answers += _answer(F, plan.leaf(atom.leaf, beside), f"{name}_{place}")
    return wide.select(*answers)


def _answer(F: Any, truth: Truth, name: str) -> list[Any]:  # noqa: N803 - PySpark's name for its functions
    never = F.lit(None).cast("timestamp")
    changes_at = never if truth.changes_at is None else e.instant(F, truth.changes_at)
    return [truth.holds.alias(name), changes_at.alias(f"{name}_changes_at")]
