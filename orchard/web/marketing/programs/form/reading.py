"""Read the posted form of a program back as the values of its document, doing the one act that was pressed.

Nothing is judged here: what makes no sense comes back as typed, for the document to explain.
"""

from typing import Any

from django.http import QueryDict

from orchard.engine.types import Catalogue
from orchard.nurture.types import STEPS, StepType
from orchard.web.ui.conditions import read_condition
from orchard.web.ui.conditions.reading import first_leaf, moved, number

Values = dict[str, Any]
MOST_ROWS = 100
DEEPEST = 6


def blank(reason: str = "") -> Values:
    """Return what a new program says before anybody wrote; `reason` is one that it is to answer."""
    return {
        "name": "",
        "audience": {"returned": [reason] if reason else []},
        "steps": [{"type": "wait", "days": 30}, {"type": "task", "what": "call", "to": "returned_by"}],
        "goal": {"becomes_lead": True},
    }


def read_form(post: QueryDict, catalogue: Catalogue) -> Values:
    """Return the values that the form holds, typed where they can be, as typed by hand where they cannot."""
    return _Form(post, catalogue).document()


class _Form:
    def __init__(self, post: QueryDict, catalogue: Catalogue) -> None:
        self._post = post
        self._catalogue = catalogue
        self._act = str(post.get("act", ""))

    def document(self) -> Values:
        made: Values = {
            "name": self._text("name"),
            "audience": self._audience(),
            "steps": self._steps("steps", 0),
            "ends": {name: f"ends.{name}" in self._post for name in ("customer", "disqualified")},
        }
        goal = self._text("goal.is")
        if goal == "becomes_lead":
            made["goal"] = {"becomes_lead": True}
        elif goal == "when":
            made["goal"] = {"when": self._condition("goal.when")}
        return made

    def _text(self, name: str) -> str:
        return str(self._post.get(name, "")).strip()

    def _condition(self, at: str) -> Any:
        """Return the condition posted there; one row to begin with where there is none yet."""
        found = read_condition(self._post, at, self._catalogue)
        asked = f"{at}.sort" in self._post or f"{at}.raw" in self._post
        return found if asked or found is not None else first_leaf(self._catalogue)

    def _audience(self) -> Values:
        if self._text("audience.by") != "when":
            return {"returned": self._post.getlist("audience.returned")}
        made: Values = {"when": self._condition("audience.when")}
        if (again := number(self._text("audience.again_after_days"))) is not None:
            made["again_after_days"] = again
        return made

    def _steps(self, at: str, depth: int) -> list[Values]:
        rows: list[Values | None] = []
        while f"{at}.{len(rows)}.type" in self._post and len(rows) < MOST_ROWS and depth < DEEPEST:
            here = f"{at}.{len(rows)}"
            rows.append(None if self._act == f"{here}!remove" else self._step(here, depth))
        kept = [row for row in moved(rows, at, self._act) if row is not None]
        added = self._act.removeprefix(f"{at}!add:") if self._act.startswith(f"{at}!add:") else ""
        return [*kept, self._new(STEPS[added])] if added in STEPS else kept

    def _step(self, at: str, depth: int) -> Values:
        sort = STEPS.get(self._text(f"{at}.type"))
        if sort is None:
            return {"type": self._text(f"{at}.type")}
        made: Values = {"type": sort.name}
        if name := self._text(f"{at}.name"):
            made["name"] = name
        for field in sort.fields:
            if field.only_for is not None and self._text(f"{at}.{field.only_for[0]}") != field.only_for[1]:
                continue
            if field.kind == "condition":
                made[field.name] = self._condition(f"{at}.{field.name}")
            elif field.kind == "number":
                if (value := number(self._text(f"{at}.{field.name}"))) is not None:
                    made[field.name] = value
            elif value := self._text(f"{at}.{field.name}"):
                made[field.name] = value
        for name, _ in sort.inner:
            made[name] = self._steps(f"{at}.{name}", depth + 1)
        return made

    def _new(self, sort: StepType) -> Values:
        made: Values = {"type": sort.name}
        for field in sort.fields:
            if field.kind == "condition":
                made[field.name] = first_leaf(self._catalogue)
            elif field.blank != "" and field.only_for is None:
                made[field.name] = field.blank
        return made | {name: [] for name, _ in sort.inner}
