"""Draw the values of a program as the rows of a form, each mistake beside the field that it is about."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from orchard.engine.types import Catalogue
from orchard.kit.words import voiced
from orchard.nurture.types import STEPS, Problem, StepType
from orchard.web.together.form.parts import Cell
from orchard.web.ui.conditions import Box, box_of

Choice = tuple[str, str | Promise]


@dataclass(frozen=True, slots=True)
class StepBox:
    """One step of the form: its cells, its condition, and the lists of steps inside it."""

    at: str
    number: str
    label: str | Promise
    type: str
    icon: str
    name: Cell | None
    """By what another step goes here; asked for where any step goes to another."""
    cells: Sequence[Cell]
    when: Box | None
    inner: Sequence["StepsBox"]
    errors: Sequence[str]


@dataclass(frozen=True, slots=True)
class StepsBox:
    """A list of steps, and where another one is added to it."""

    at: str
    label: str | Promise
    steps: Sequence[StepBox]
    errors: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole form."""

    name: Cell
    by: Cell
    reasons: Sequence[tuple[str, str, bool]]
    reason_errors: Sequence[str]
    audience: Box | None
    again: Cell
    steps: StepsBox
    goal: Cell
    goal_when: Box | None
    ends: Sequence[Cell]
    types: Sequence[StepType]
    errors: Sequence[str]


def sheet_of(
    values: Mapping[str, Any],
    catalogue: Catalogue,
    *,
    reasons: Mapping[str, str],
    members: Sequence[Choice],
    problems: Sequence[Problem] = (),
) -> Sheet:
    """Return the form of `values`, right or wrong; `problems` go to the fields that their paths name."""
    errors: dict[str, list[str]] = defaultdict(list)
    for each in problems:
        errors[each.path].append(each.sentence)
    return _Drawing(values, catalogue, reasons, members, errors).sheet()


class _Drawing:
    def __init__(
        self,
        values: Mapping[str, Any],
        catalogue: Catalogue,
        reasons: Mapping[str, str],
        members: Sequence[Choice],
        errors: dict[str, list[str]],
    ) -> None:
        self._values = values
        self._catalogue = catalogue
        self._reasons = reasons
        self._members = members
        self._errors = errors
        self._goes = any(kind == "names" for kind in _kinds(values.get("steps")))

    def sheet(self) -> Sheet:
        audience, goal = _mapping(self._values.get("audience")), _mapping(self._values.get("goal"))
        by = "when" if "when" in audience else "returned"
        chosen = [str(each) for each in _listed(audience.get("returned"))]
        known = {**self._reasons, **{each: each for each in chosen if each not in self._reasons}}
        aim = "when" if "when" in goal else "becomes_lead" if goal.get("becomes_lead") else ""
        ends = {"customer": True, "disqualified": True, **_mapping(self._values.get("ends"))}
        again = _shown(audience.get("again_after_days"))
        return Sheet(
            name=Cell(
                "name", _("Name"), _shown(self._values.get("name")), errors=self._at("name"), kind="text"
            ),
            by=Cell("audience.by", _("By what"), by, kind="select", choices=_audiences()),
            reasons=[(code, label, code in chosen) for code, label in known.items()],
            reason_errors=self._under("audience") if by == "returned" else (),
            audience=self._box(audience.get("when"), "audience.when") if by == "when" else None,
            again=Cell(
                "audience.again_after_days",
                _("May enter again, at the earliest after"),
                again,
                unit=_("days"),
                errors=self._under("audience.again_after_days"),
            ),
            steps=self._steps(self._values.get("steps"), "steps", "", ""),
            goal=Cell("goal.is", _("Goal"), aim, kind="select", choices=_goals(), errors=self._at("goal")),
            goal_when=self._box(goal.get("when"), "goal.when") if aim == "when" else None,
            ends=[
                Cell(f"ends.{name}", words, "on", kind="check", checked=bool(ends[name]))
                for name, words in (
                    ("customer", _("becomes a customer")),
                    ("disqualified", _("is disqualified")),
                )
            ],
            types=list(STEPS.values()),
            errors=[sentence for each in self._errors.values() for sentence in each],
        )

    def _at(self, path: str) -> tuple[str, ...]:
        return tuple(self._errors.get(path, ()))

    def _under(self, path: str) -> tuple[str, ...]:
        return tuple(
            sentence
            for place, sentences in self._errors.items()
            if place == path or place.startswith((f"{path}.", f"{path}["))
            for sentence in sentences
        )

    def _box(self, values: Any, at: str) -> Box:
        return box_of(values, at, self._catalogue, path=_path(at), errors=self._errors, removable=False)

    def _steps(self, values: Any, at: str, label: str | Promise, before: str) -> StepsBox:
        rows = [
            self._step(_mapping(each), f"{at}.{number}", f"{before}{number + 1}")
            for number, each in enumerate(_listed(values))
        ]
        return StepsBox(at, label, rows, self._at(_path(at)))

    def _step(self, values: Mapping[str, Any], at: str, number: str) -> StepBox:
        sort, path = STEPS.get(str(values.get("type"))), _path(at)
        name = self._name(values, at) if self._goes or values.get("name") else None
        if sort is None:
            kind = _shown(values.get("type"))
            return StepBox(at, number, kind, kind, "circle-help", name, (), None, (), self._under(path))
        asked = next((field.name for field in sort.fields if field.kind == "condition"), None)
        return StepBox(
            at,
            number,
            sort.label,
            sort.name,
            sort.icon,
            name,
            list(self._cells(sort, values, at)),
            self._box(values.get(asked), f"{at}.{asked}") if asked else None,
            [
                self._steps(values.get(each), f"{at}.{each}", label, f"{number}.{letter}.")
                for letter, (each, label) in zip("ab", sort.inner, strict=False)
            ],
            self._at(path),
        )

    def _name(self, values: Mapping[str, Any], at: str) -> Cell:
        return Cell(
            f"{at}.name",
            _("Its name, to go to it"),
            _shown(values.get("name")),
            kind="text",
            optional=True,
            errors=self._under(f"{_path(at)}.name"),
        )

    def _cells(self, sort: StepType, values: Mapping[str, Any], at: str) -> Iterator[Cell]:
        for field in sort.fields:
            if field.kind == "condition":
                continue
            if field.only_for is not None and values.get(field.only_for[0]) != field.only_for[1]:
                continue
            value, errors = _shown(values.get(field.name)), self._under(f"{_path(at)}.{field.name}")
            choices: Sequence[Choice] = field.choices
            if field.kind == "member":
                unknown = bool(value) and value not in {email for email, _name in self._members}
                choices = [("", "…"), *self._members, *([(value, value)] if unknown else [])]
            kind = {"names": "text", "member": "select"}.get(field.kind, field.kind)
            yield Cell(
                f"{at}.{field.name}",
                voiced(field.label),
                value,
                unit=str(field.unit),
                kind=kind,
                choices=tuple((code, str(words)) for code, words in choices),
                errors=errors,
            )


def _path(at: str) -> str:
    """Return the path in the document of what a field's name says: `steps.0.then.1` is `steps[0].then[1]`."""
    first, *rest = at.split(".")
    return first + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in rest)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _kinds(steps: Any) -> Iterator[str]:
    """Yield the kind of every field that these steps ask for."""
    for each in _listed(steps):
        step = _mapping(each)
        sort = STEPS.get(str(step.get("type")))
        for field in sort.fields if sort else ():
            yield field.kind
        for name, _label in sort.inner if sort else ():
            yield from _kinds(step.get(name))


def _audiences() -> tuple[tuple[str, str], ...]:
    return (
        ("returned", _("whoever Sales returns for a reason")),
        ("when", _("whoever comes to meet a condition")),
    )


def _goals() -> tuple[tuple[str, str], ...]:
    return (
        ("becomes_lead", _("Sales gets the contact as a lead again")),
        ("when", _("a condition holds")),
        ("", _("none: it ends with its steps")),
    )
