"""A condition as a clause of the contract says it: "it has asked for a quote within the last 7 days"."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orchard.agreement.words.runs import Run, joined, say, term
from orchard.engine.conditions import (
    All,
    AnyOf,
    Condition,
    Did,
    FieldIs,
    Node,
    Not,
    Score,
    Stage,
    either,
    value_in_words,
)
from orchard.engine.types import CONTACTS, FACTS, Catalogue
from orchard.kit.languages import quoted

Runs = tuple[Run, ...]


def condition_runs(condition: Condition, path: str, catalogue: Catalogue, table: str = CONTACTS) -> Runs:
    """Return the words for a condition, its figures marked with their paths under `path`."""
    return _Saying(catalogue, table).say(condition, path)


class _Saying:
    def __init__(self, catalogue: Catalogue, table: str) -> None:
        self._catalogue = catalogue
        self._table = table

    def say(self, node: Node, path: str) -> Runs:  # noqa: PLR0911 - one answer per sort
        match node:
            case All():
                return self._all(node, path)
            case AnyOf():
                return self._list(node, path, _(", or "))
            case Not():
                return say(
                    _("it is not so that %(condition)s"), condition=self.say(node.condition, f"{path}.not")
                )
            case FieldIs():
                return self._field(node, path)
            case Did():
                return self._did(node, path)
            case Score():
                return _score(node, path)
            case Stage():
                stages = either(self._catalogue.stage(stage) for stage in node.stage)
                return say(_("its stage is %(stages)s"), stages=term(stages, f"{path}.stage"))
        raise TypeError(f"{type(node).__name__} is no part of an agreement.")

    def _all(self, node: All, path: str) -> Runs:
        """Say scores that narrow the total as parts of it: "at least 60 points, of which at least 20 for fit"."""
        first, *rest = node.conditions
        runs: list[Run] = list(self._bracketed(first, f"{path}.all[0]", node))
        total = isinstance(first, Score) and first.score == "total" and first.at_most is None
        for place, child in enumerate(rest, 1):
            where = f"{path}.all[{place}]"
            if (
                total
                and isinstance(child, Score)
                and child.score in ("fit", "engagement")
                and child.at_most is None
            ):
                runs.extend(say(_(", of which at least %(points)s"), points=_points(child, where)))
            else:
                runs.extend((Run(_(" and ")), *self._bracketed(child, where, node)))
        return joined(runs)

    def _list(self, node: AnyOf, path: str, word: str) -> Runs:
        runs: list[Run] = []
        for place, child in enumerate(node.conditions):
            if place:
                runs.append(Run(word))
            runs.extend(self._bracketed(child, f"{path}.any[{place}]", node))
        return joined(runs)

    def _bracketed(self, child: Node, path: str, around: Node) -> Runs:
        runs = self.say(child, path)
        mixed = (
            isinstance(child, All | AnyOf) and type(child) is not type(around) and len(child.conditions) > 1
        )
        return joined((Run("("), *runs, Run(")"))) if mixed else runs

    def _field(self, node: FieldIs, path: str) -> Runs:
        field = self._catalogue.find(node.field, self._table)
        label, where = self._catalogue.label(node.field, self._table), f"{path}.{node.operator}"
        operator, operand = node.operator, node.operand
        if operator == "empty":
            return say(_("%(field)s is empty") if operand else _("%(field)s is known"), field=label)
        if operator == "is" and isinstance(operand, bool):
            return _yes_no(label, where, holds=operand)
        low, high = operand if operator == "between" else (operand, None)
        if operator == "in":
            shown = either(value_in_words(each, field) for each in operand)
        else:
            shown = quoted(str(low)) if operator == "contains" else value_in_words(low, field)
        return say(
            _field_templates()[operator],
            field=label,
            value=term(shown, where),
            high=term(value_in_words(high, field), where),
        )

    def _did(self, node: Did, path: str) -> Runs:
        deeds = either(self._catalogue.deed(kind) for kind in node.did)
        never = node.at_most == 0
        runs = list(say(_("it has not %(deeds)s") if never else _("it has %(deeds)s"), deeds=deeds))
        if not never and (node.at_least, node.at_most) != (None, None):
            runs.extend((Run(" "), *_times(node, path)))
        if node.within_days is not None:
            days = ngettext("%(days)s day", "%(days)s days", node.within_days) % {"days": node.within_days}
            runs.extend(say(_(" within the last %(days)s"), days=term(days, f"{path}.within_days")))
        elif node.since is not None:
            runs.extend(say(_(" since %(event)s"), event=term(_since(node.since), f"{path}.since")))
        if node.where is not None:
            inner = condition_runs(node.where, f"{path}.where", self._catalogue, FACTS)
            runs.extend(say(_(" (where %(condition)s)"), condition=inner))
        return joined(runs)


def _yes_no(label: str, path: str, *, holds: bool) -> Runs:
    """Say a field of yes or no; one whose label is a predicate ("is a competitor") makes the sentence itself."""
    if not holds:
        return say(_("“%(field)s” is answered %(value)s"), field=label, value=term(_("no"), path))
    if label.startswith("is "):
        return say(_("it %(value)s"), value=term(label, path))
    return say(_("“%(field)s” is answered %(value)s"), field=label, value=term(_("yes"), path))


def _field_templates() -> dict[str, str]:
    return {
        "is": _("%(field)s is %(value)s"),
        "in": _("%(field)s is %(value)s"),
        "gt": _("%(field)s is more than %(value)s"),
        "lt": _("%(field)s is less than %(value)s"),
        "between": _("%(field)s is from %(value)s to %(high)s"),
        "contains": _("%(field)s contains %(value)s"),
        "before": _("%(field)s is before %(value)s"),
        "after": _("%(field)s is after %(value)s"),
        "within_days": _("%(field)s lies within the last %(value)s days"),
    }


def _times(node: Did, path: str) -> Runs:
    if node.at_most is None:
        times = ngettext("%(n)s time", "%(n)s times", node.least) % {"n": node.least}
        return say(_("at least %(times)s"), times=term(times, f"{path}.at_least"))
    most = ngettext("%(n)s time", "%(n)s times", node.at_most) % {"n": node.at_most}
    if node.least == 0:
        return say(_("at most %(times)s"), times=term(most, f"{path}.at_most"))
    least = term(node.least, f"{path}.at_least")
    return say(_("from %(least)s to %(most)s"), least=least, most=term(most, f"{path}.at_most"))


def _since(since: str | date) -> str:
    if isinstance(since, date):
        return value_in_words(since, None)
    return {"last_return": _("Sales last gave it back"), "offer": _("it was last offered to Sales")}[since]


def _points(node: Score, path: str, *, most: bool = False) -> Run:
    number = node.at_most if most else node.at_least
    words = {
        "total": _("%(points)s points"),
        "fit": _("%(points)s for fit"),
        "engagement": _("%(points)s for engagement"),
        "account": _("%(points)s points"),
    }[node.score]
    return term(words % {"points": number}, f"{path}.{'at_most' if most else 'at_least'}")


def _score(node: Score, path: str) -> Runs:
    bounds: list[Sequence[Run]] = []
    if node.at_least is not None:
        bounds.append(say(_("at least %(points)s"), points=_points(node, path)))
    if node.at_most is not None:
        bounds.append(say(_("at most %(points)s"), points=_points(node, path, most=True)))
    both = bounds[0] if len(bounds) == 1 else (*bounds[0], Run(_(" and ")), *bounds[1])
    if node.score == "account":
        return say(_("the people of its account have %(points)s together"), points=tuple(both))
    return say(_("it has %(points)s"), points=tuple(both))
