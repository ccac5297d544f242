"""The verdict as one expression: the agreement applied to every contact at an hour, with reasons and until when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import and_
from typing import Any

from orchard.engine import expressions as e
from orchard.engine.conditions import Atom, Condition, Did, FieldIs, Score, Stage, atoms, kinds_named
from orchard.engine.plan import Plan
from orchard.engine.truths import Truth
from orchard.engine.types import CONTACTS, FACTS, Catalogue, ColumnType, Part, TableSpec
from orchard.scoring.tables import COUNT, Crossing, Scoring
from orchard.scoring.types import MICRO, Rules

STAGES = "stages"
"""The name of the table of lifecycle stages: `contact_id`, `stage`."""

ANCHORS = {"last_return": "lead.returned", "offer": "lead.offered"}
"""The kind of fact behind each event that a condition may count from."""


@dataclass(frozen=True)
class Terms:
    """What of an agreement decides about contacts: its score, its hand-off, and who is never handed over."""

    rules: Rules
    handoff: Condition
    never: Condition | None = None
    fresh_days: int = 14

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition that is looked at."""
        never = () if self.never is None else (self.never,)
        return (self.handoff, *never, *(rule.when for rule in self.rules.fit))

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """The leaves that are reasons: those of the hand-off, then those of `never`; the order of `met`."""
        found = [replace(atom, id=f"handoff.{atom.id}".rstrip(".")) for atom in atoms(self.handoff)]
        if self.never is not None:
            found += [replace(atom, id=f"never.{atom.id}".rstrip(".")) for atom in atoms(self.never)]
        return tuple(found)

    @cached_property
    def _leaves(self) -> tuple[Any, ...]:
        return tuple(atom.leaf for condition in self.conditions for atom in atoms(condition))

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        """The leaves that ask for a score."""
        return tuple(leaf for leaf in self._leaves if isinstance(leaf, Score))

    @property
    def asks_account(self) -> bool:
        """Whether the score of the account counts, so that a contact's verdict depends on colleagues."""
        return any(leaf.score == "account" for leaf in self.scores)

    @cached_property
    def names_own_fields(self) -> bool:
        """Whether a field that the company declared itself counts."""
        return any(isinstance(leaf, FieldIs) and ".custom." in leaf.field for leaf in self._leaves)

    @property
    def asks_stage(self) -> bool:
        """Whether the lifecycle stage counts."""
        return any(isinstance(leaf, Stage) for leaf in self._leaves)

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """The events that some condition counts from."""
        return tuple(
            sorted(
                {str(leaf.since) for leaf in self._leaves if isinstance(leaf, Did) and leaf.since in ANCHORS}
            )
        )

    @cached_property
    def fresh_kinds(self) -> frozenset[str]:
        """The kinds of facts that keep a lead fresh: those that give points or that the hand-off asks for."""
        return self.rules.kinds | kinds_named(self.handoff)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Every kind of fact that a verdict reads."""
        named = (kinds_named(condition) for condition in self.conditions)
        anchors = frozenset(ANCHORS[name] for name in self.anchors)
        return self.rules.kinds.union(*named) | anchors

    def tables(self, catalogue: Catalogue) -> tuple[TableSpec, ...]:
        """Return the tables that a verdict reads, with the columns that it needs."""
        contacts = {"contact_id", "account_id"}
        contacts |= {
            field.column
            for leaf in self._leaves
            if isinstance(leaf, FieldIs) and (field := catalogue.find(leaf.field)) is not None
        }
        facts = {"contact_id", "kind", "occurred_at", "human", *self._fact_columns(catalogue)}
        wanted = [(CONTACTS, contacts), (FACTS, facts)]
        specs = [_narrowed(catalogue.tables[name], columns) for name, columns in wanted]
        return (*specs, STAGES_SPEC) if self.asks_stage else tuple(specs)

    def _fact_columns(self, catalogue: Catalogue) -> Iterable[str]:
        deeds = [leaf.where for leaf in self._leaves if isinstance(leaf, Did)]
        for where in (*deeds, *(rule.where for rule in self.rules.engagement)):
            for atom in atoms(where) if where is not None else ():
                field = isinstance(atom.leaf, FieldIs) and catalogue.find(atom.leaf.field, FACTS)
                if field:
                    yield field.column


ACCOUNT_COUNT, ACCOUNT_CHANGES = "account_facts", "account_changes_at"
"""Of an account's people together: their facts that were summed, and when a fit line of one of them turns."""

STAGES_SPEC = TableSpec(
    STAGES,
    {"contact_id": ColumnType.BIGINT, "stage": ColumnType.TEXT},
    "SELECT contact_id, basis AS stage FROM stage",
)
"""The stage below the verdict: a verdict that rested on what it gives itself would turn for ever."""

_NO_ROW = "contact"
"""The stage of whom nothing has led anywhere yet."""


def _narrowed(table: TableSpec, columns: set[str]) -> TableSpec:
    return replace(table, columns={name: type_ for name, type_ in table.columns.items() if name in columns})


AS_OF = "as_of"
"""The column that says as of which full hour a contact is looked at."""


def line(place: int) -> str:
    """Return the column of a score line."""
    return f"line_{place}"


def met(place: int) -> str:
    """Return the column of an atom's truth."""
    return f"met_{place}"


class Beside:
    """What a verdict lays beside a contact's fields: scores with the hours they are crossed at, stage, anchors."""

    def __init__(self, F: Any, changes: Mapping[str, Any] | None = None) -> None:  # noqa: N803 - PySpark's name for its functions
        """Take for each part of the score the hour at which fit lines in it come or go with time."""
        self.F = F
        self.changes = changes or {}

    def score(self, part: Part, least: int | None, most: int | None) -> Truth:
        """Return whether a part of the score lies within bounds, in millionths of a point, and until when."""
        score = self.F.col(part)
        bounds = [score >= least] if least is not None else []
        bounds += [score <= most] if most is not None else []
        changes = [self.F.col(_crossing(part, at)) for at in _thresholds(least, most) if part != "fit"]
        if self.changes.get(part) is not None:
            changes.append(self.changes[part])
        at = self.F.least(*changes) if len(changes) > 1 else (changes[0] if changes else None)
        return Truth(reduce(and_, bounds), at)

    def stage(self) -> Any:
        """Return the stage below the verdict."""
        return self.F.coalesce(self.F.col("stage"), self.F.lit(_NO_ROW))

    def anchor(self, name: str) -> Any:
        """Return when the event of that name happened last."""
        return self.F.col(f"anchor_{name}")

    def segment(self, name: str) -> Truth:
        """Refuse: the agreement names no segment."""
        raise LookupError(f"The agreement names the segment {name!r}; nothing outside its text may decide.")


def _crossing(part: str, threshold: int) -> str:
    return f"{part}_below_{threshold}".replace("-", "minus_")


def _thresholds(least: int | None, most: int | None) -> list[int]:
    """Return the thresholds at which falling below turns the answer."""
    return ([] if least is None else [least]) + ([] if most is None else [most + 1])


class Verdict:
    """The builder of the verdict's query, for `engine.compile` and for Spark; a pure function of terms and catalogue.

    One row per contact: `contact_id`, `account_id`; `qualified`; `total`, `fit`, `engagement` and `account` in
    millionths of a point; `line_0` ... in the order of the rules; `met_0` ... in the order of `Terms.atoms`;
    `due_at`, the first full hour after now at which time alone may change any of these truths, and `fresh_at`, the
    newest fact that keeps a lead fresh, both in microseconds since 1970 UTC, null where there is none.
    """

    carries: tuple[str, ...] = ()
    """Columns of the contacts that later steps need besides."""

    def __init__(self, terms: Terms, catalogue: Catalogue) -> None:
        self.terms = terms
        self.catalogue = catalogue

    def __call__(self, F: Any, tables: Mapping[str, Any], now: Any) -> Any:  # noqa: N803
        """Build the data frame; `now` is a full UTC hour."""
        terms = self.terms
        plan = Plan(F, self.catalogue, terms.conditions, now)
        scoring = Scoring(F, terms.rules, plan)
        frame = self._gathered(F, tables, plan, scoring)
        carried = [
            "contact_id",
            "account_id",
            "fresh_at",
            *self.carries,
            *([COUNT] if scoring.raw else []),
            *scoring.raw,
        ]
        frame = scoring.lined(plan.marked(frame, Beside(F), keep=carried), Beside(F))
        frame = self._with_account(F, frame, scoring)
        frame = self._crossed(F, frame, scoring, plan)
        return self._answered(F, frame, scoring, plan)

    def _gathered(self, F: Any, tables: Mapping[str, Any], plan: Plan, scoring: Scoring) -> Any:  # noqa: N803
        """Put the sums over each contact's facts beside its fields."""
        terms, col = self.terms, F.col
        wide, counting = tables[CONTACTS], [*plan.aggregates(), *scoring.aggregates()]
        for name in terms.anchors:
            at = F.when(col("kind") == ANCHORS[name], col("occurred_at"))
            counting.append(F.max(at).alias(f"anchor_{name}"))
        if terms.fresh_kinds:
            fresh = F.when(col("kind").isin(*sorted(terms.fresh_kinds)), e.micros(F, col("occurred_at")))
            counting.append(F.max(fresh).alias("fresh_at"))
        if counting:
            done = plan.counted(tables[FACTS], terms.kinds).groupBy("contact_id").agg(*counting)
            wide = e.beside(wide, done, "contact_id")
        if not terms.fresh_kinds:
            wide = wide.select(*wide.columns, F.lit(None).cast("bigint").alias("fresh_at"))
        return e.beside(wide, tables[STAGES], "contact_id") if terms.asks_stage else wide

    def _with_account(self, F: Any, frame: Any, scoring: Scoring) -> Any:  # noqa: N803
        """Add the account's score: the sum over its people, one level."""
        if not self.terms.asks_account:
            return frame.select(*frame.columns, F.lit(None).cast("bigint").alias("account"))
        changes = scoring.fit_changes(Beside(F)).changes_at
        earned = zip(_account_sums(scoring), scoring.earned, strict=True)
        sums = [e.whole_sum(F, F.col(name)).alias(alias) for alias, name in earned]
        people = frame.filter(F.col("account_id").isNotNull()).groupBy("account_id")
        whole = people.agg(
            e.whole_sum(F, F.col("total")).alias("account"),
            e.whole_sum(F, F.col("fit")).alias("account_fit"),
            *sums,
            *([e.whole_sum(F, F.col(COUNT)).alias(ACCOUNT_COUNT)] if scoring.raw else []),
            *([] if changes is None else [F.min(changes).alias(ACCOUNT_CHANGES)]),
        )
        return e.beside(frame, whole, "account_id")

    def _crossed(self, F: Any, frame: Any, scoring: Scoring, plan: Plan) -> Any:  # noqa: N803
        """Add the hours at which decay takes scores below the thresholds that the terms name."""
        ways = {
            "total": Crossing(F, self.terms.rules, base="fit", sums=scoring.raw),
            "engagement": Crossing(F, self.terms.rules, base="nothing", sums=scoring.raw),
            "account": Crossing(
                F,
                self.terms.rules,
                base="account_fit",
                sums=_account_sums(scoring),
                caps=False,
                count=ACCOUNT_COUNT,
            ),
        }
        frame = frame.select(*frame.columns, F.lit(0).cast("bigint").alias("nothing"))
        wanted = {
            (leaf.score, threshold)
            for leaf in self.terms.scores
            for threshold in _thresholds(_micro(leaf.at_least), _micro(leaf.at_most))
            if leaf.score in ways
        }
        never = F.lit(None).cast("bigint")
        hours = [
            (ways[part].hour(part, threshold, plan.now) if scoring.raw else never).alias(
                _crossing(part, threshold)
            )
            for part, threshold in sorted(wanted)
        ]
        return frame.select(*frame.columns, *hours)

    def _answered(self, F: Any, frame: Any, scoring: Scoring, plan: Plan) -> Any:  # noqa: N803
        """Say who is qualified, why, and until when this holds."""
        terms, col = self.terms, F.col
        fit_changes = scoring.fit_changes(Beside(F))
        changes = {"total": fit_changes.changes_at, "fit": fit_changes.changes_at}
        if terms.asks_account and fit_changes.changes_at is not None:
            changes["account"] = col(ACCOUNT_CHANGES)
        beside = Beside(F, changes)
        handoff = plan.truth(terms.handoff, beside)
        never = None if terms.never is None else plan.truth(terms.never, beside)
        qualified = handoff.holds if never is None else handoff.holds & ~never.holds
        due_at = plan.earliest([handoff, fit_changes, *([] if never is None else [never])])
        if due_at is None:
            due_at = F.lit(None).cast("bigint")
        return frame.select(
            "contact_id",
            "account_id",
            qualified.alias("qualified"),
            *(col(part) for part in ("total", "fit", "engagement", "account")),
            *(col(name).alias(line(place)) for place, name in enumerate(scoring.lines)),
            *(plan.leaf(atom.leaf, beside).holds.alias(met(place)) for place, atom in enumerate(terms.atoms)),
            due_at.alias("due_at"),
            col("fresh_at"),
        )


class VerdictAsOf(Verdict):
    """The same, of each contact as of an hour of its own: a column `AS_OF` of contacts and facts says of which."""

    carries = (AS_OF,)

    def __call__(self, F: Any, tables: Mapping[str, Any], now: Any) -> Any:  # noqa: ARG002, N803
        """Build the data frame."""
        return super().__call__(F, tables, F.col(AS_OF))


def _account_sums(scoring: Scoring) -> list[str]:
    return [f"account_{name}" for name in scoring.raw]


def _micro(points: float | None) -> int | None:
    return None if points is None else round(points * MICRO)
