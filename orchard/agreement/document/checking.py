"""Whether an agreement makes sense: its names exist, its rules differ, and its hand-off can ever hold."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from orchard.agreement.document.model import MICRO, Document, EngagementRule, SalesPromises, points_of
from orchard.agreement.document.nodes import Text
from orchard.engine.conditions import All, AnyOf, Condition, Did, Node, Score, Stage, atoms, read, validate
from orchard.engine.conditions.checking import nearest, size
from orchard.engine.types import Catalogue
from orchard.interactions.types import KINDS
from orchard.kit.errors import Refused
from orchard.kit.words import Phrase

_COUNTED = ("attempts_before_no_answer",)
"""The promises that a return may wait for."""
MOST_PARTS, MOST_VALUES = 100, 400
"""How large all rules and conditions may be together; so much compiles in some five seconds of a core."""


def check(text: Text, document: Document | None, catalogue: Catalogue) -> None:
    """Note in `text` what is wrong beyond its shape; looks at the whole parts where `document` is None."""
    score = _mapping(_mapping(text.data).get("score"))
    _names(text, score)
    _kinds(text, score)
    for path, raw in _raw_conditions(text.data):
        _condition(text, path, raw, catalogue)
    _wheres(text, score, catalogue)
    _size(text, score)
    _needs(text)
    _twice(text, "returns", ("reason",))
    _twice(text, "goals", ("quarter", "measure"))
    if document is not None:
        _reachable(text, document)


def _mapping(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _rules(score: dict[Any, Any]) -> Iterator[tuple[str, dict[Any, Any]]]:
    for part in ("fit", "engagement"):
        for place, rule in enumerate(_listed(score.get(part))):
            yield f"score.{part}[{place}]", _mapping(rule)


def _names(text: Text, score: dict[Any, Any]) -> None:
    """Each rule makes one line of the score, and lines are told apart by name."""
    seen: dict[str, str] = {}
    for path, rule in _rules(score):
        name = rule.get("name")
        if not isinstance(name, str):
            continue
        first = seen.setdefault(name.strip().casefold(), path)
        if first != path:
            line = text.place(f"{first}.name")[0]
            text.wrong(
                f"{path}.name",
                Phrase(
                    "Another rule is called “{name}” (line {line}); each needs its own name.",
                    name=name,
                    line=line,
                ),
            )


def _kinds(text: Text, score: dict[Any, Any]) -> None:
    for path, rule in _rules(score):
        kinds = rule.get("kinds")
        named = [kinds] if isinstance(kinds, str) else _listed(kinds)
        for place, kind in enumerate(named):
            if not isinstance(kind, str):
                continue
            where = f"{path}.kinds[{place}]" if isinstance(kinds, list) else f"{path}.kinds"
            known = KINDS.get(kind)
            scoring = [name for name, each in KINDS.items() if each.scores]
            if known is None:
                text.wrong(
                    where,
                    Phrase(
                        "There is no kind of interaction `{kind}`.{nearest}",
                        kind=kind,
                        nearest=nearest(kind, scoring),
                    ),
                )
            elif not known.scores:
                text.wrong(
                    where,
                    Phrase(
                        "`{kind}` cannot score: it is not something that a contact chose to do.", kind=kind
                    ),
                )
        for kind, times in Counter(k for k in named if isinstance(k, str)).items():
            if times > 1:
                text.wrong(
                    f"{path}.kinds", Phrase("`{kind}` is named {times} times.", kind=kind, times=times)
                )


def _raw_conditions(data: Any) -> Iterator[tuple[str, Any]]:
    for path, rule in _rules(_mapping(_mapping(data).get("score"))):
        if "when" in rule:
            yield f"{path}.when", rule["when"]
    handoff = _mapping(_mapping(data).get("handoff"))
    words = {key: part for key, part in handoff.items() if key not in ("never", "at_account", "fresh_days")}
    if words:
        yield "handoff", words
    if "never" in handoff:
        yield "handoff.never", handoff["never"]
    for place, route in enumerate(_listed(_mapping(data).get("routing"))):
        if "when" in _mapping(route):
            yield f"routing[{place}].when", route["when"]


def _condition(text: Text, path: str, raw: Any, catalogue: Catalogue) -> None:
    """Check what can be read of a condition: a mistake of shape in one branch hides none in another."""
    for inner, condition in _readable(raw, path):
        for problem in validate(condition, catalogue, allow_segment=False):
            text.wrong(_join(inner, problem.path), problem.sentence)
        if not path.startswith("routing"):
            _circular(text, inner, condition)


def _circular(text: Text, path: str, condition: Condition) -> None:
    """Let no verdict rest on the stage that it gives itself."""
    for atom in atoms(condition):
        if isinstance(atom.leaf, Stage) and "qualified" in atom.leaf.stage:
            text.wrong(
                _join(path, _join(atom.id, "stage")),
                "Who is `qualified` is what this agreement decides; ask for the stages before or after it.",
            )


def _readable(raw: Any, path: str) -> Iterator[tuple[str, Condition]]:
    try:
        yield path, read(raw)
    except (Refused, ValidationError):
        for key in ("all", "any"):
            for place, child in enumerate(_listed(_mapping(raw).get(key))):
                yield from _readable(child, _join(path, f"{key}[{place}]"))
        if "not" in _mapping(raw):
            yield from _readable(raw["not"], _join(path, "not"))


def _size(text: Text, score: dict[Any, Any]) -> None:
    """Keep the whole so small that it compiles in a few seconds: nobody is assessed before it has."""
    rules = [(path, rule) for path, rule in _rules(score) if path.startswith("score.engagement")]
    wheres = [(f"{path}.where", rule["where"]) for path, rule in rules if "where" in rule]
    parts, values = len(rules), 0
    for path, raw in [*wheres, *_raw_conditions(text.data)]:
        for _, condition in _readable(raw, path):
            more_parts, more_values = size(condition)
            parts, values = parts + more_parts, values + more_values
        if parts > MOST_PARTS or values > MOST_VALUES:
            text.wrong(
                path,
                Phrase(
                    "An agreement may have at most {at_most} parts and lists of {values} values in all its "
                    "rules and conditions; here it becomes too long.",
                    at_most=MOST_PARTS,
                    values=MOST_VALUES,
                ),
            )
            return


def _wheres(text: Text, score: dict[Any, Any], catalogue: Catalogue) -> None:
    for path, rule in _rules(score):
        if "where" not in rule or not path.startswith("score.engagement"):
            continue
        for inner, condition in _readable(rule["where"], f"{path}.where"):
            asked = Did(did=("fact",), where=condition)
            for problem in validate(asked, catalogue, allow_segment=False):
                if problem.path.startswith("where"):
                    text.wrong(_join(inner, problem.path.removeprefix("where").lstrip(".")), problem.sentence)


def _join(path: str, step: str) -> str:
    if not path or not step:
        return path or step
    return f"{path}{step}" if step.startswith("[") else f"{path}.{step}"


def _needs(text: Text) -> None:
    """Let a return wait only for what Sales promised, and promised as a number of attempts."""
    sales = _mapping(_mapping(_mapping(text.data).get("promises")).get("sales"))
    for place, reason in enumerate(_listed(_mapping(text.data).get("returns"))):
        needs = _mapping(reason).get("needs")
        if not isinstance(needs, str):
            continue
        path = f"returns[{place}].needs"
        if needs not in SalesPromises.model_fields:
            text.wrong(
                path,
                Phrase(
                    "Sales makes no promise called `{needs}`.{nearest}",
                    needs=needs,
                    nearest=nearest(needs, _COUNTED),
                ),
            )
        elif needs not in _COUNTED:
            text.wrong(
                path,
                Phrase(
                    "`{needs}` is a deadline; a return can only need `{counted}`.",
                    needs=needs,
                    counted=_COUNTED[0],
                ),
            )
        elif needs not in sales:
            text.wrong(
                path, Phrase("`{needs}` is not among the promises of Sales; add it there.", needs=needs)
            )


def _twice(text: Text, section: str, keys: tuple[str, ...]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for place, row in enumerate(_listed(_mapping(text.data).get(section))):
        named = tuple(str(_mapping(row).get(key)) for key in keys)
        if "None" in named:
            continue
        if seen.setdefault(named, place) != place:
            text.wrong(
                f"{section}[{place}].{keys[-1]}",
                Phrase("`{named}` stands in this list twice.", named=" ".join(named)),
            )


def _reachable(text: Text, document: Document) -> None:
    """Refuse a threshold that the points of all rules together do not reach."""
    before = len(text.mistakes)
    bounds = reach(document)
    for path, condition in document.conditions():
        for inner, score in _scores(condition, path):
            low, high = bounds.get(score.score, (None, None))
            if low is None or high is None:
                continue
            if score.at_least is not None and score.at_least * MICRO > high:
                most = points_of(high)
                text.wrong(
                    f"{inner}.at_least",
                    Phrase(
                        "No contact can reach {at_least} points: all rules together give at most {most}.",
                        at_least=score.at_least,
                        most=most,
                    ),
                )
            if score.at_most is not None and score.at_most * MICRO < low:
                least = points_of(low)
                text.wrong(
                    f"{inner}.at_most",
                    Phrase(
                        "No contact falls to {at_most} points; the least is {least}.",
                        at_most=score.at_most,
                        least=least,
                    ),
                )
    if len(text.mistakes) == before and document.handoff.never == document.handoff.when:
        text.wrong(
            "handoff.never", "`never` is the same as the hand-off itself, so that nobody is ever handed over."
        )


def reach(document: Document) -> dict[str, tuple[int, int]]:
    """Return the least and the most micro-points that each part of a contact's score can have."""
    parts = {}
    for name, rules in (("fit", document.score.fit), ("engagement", document.score.engagement)):
        worth = [rule.cap_micro if isinstance(rule, EngagementRule) else rule.points_micro for rule in rules]
        least = 0 if name == "engagement" else _sum(points for points in worth if points < 0)
        parts[name] = (least, _sum(points for points in worth if points > 0))
    fit, engagement = parts["fit"], parts["engagement"]
    return {**parts, "total": (fit[0] + engagement[0], fit[1] + engagement[1])}


def _sum(points: Iterable[int]) -> int:
    return sum(points)


def _scores(node: Node, path: str) -> Iterator[tuple[str, Score]]:
    """Yield what is asked of the score outside any `not`."""
    if isinstance(node, Score):
        yield path, node
    elif isinstance(node, All | AnyOf):
        for step, child in node.children():
            yield from _scores(child, _join(path, step))
