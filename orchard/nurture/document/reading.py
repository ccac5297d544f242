"""Turn plain values, as a form or the database holds them, into a program, or into all that is wrong with them."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from pydantic import ValidationError

from orchard.engine.conditions import problems_of
from orchard.engine.types import Catalogue, Problem
from orchard.kit.words import Phrase, marked
from orchard.nurture.document.model import Document, path_of
from orchard.nurture.rules import graph
from orchard.nurture.steps import STEPS, Step
from orchard.segments.queries import problems_of_use

MOST_CHARACTERS = 100_000
MOST_STEPS = 60
DEEPEST = 4


def read(
    values: Any, names: Catalogue | None = None, members: Collection[str] | None = None
) -> Document | list[Problem]:
    """Return the program that the values spell, or all that is wrong with it, in the order of the document.

    With `names`, conditions may use those alone; with `members`, tasks may name those e-mail addresses alone.
    """
    if not isinstance(values, dict):
        return [Problem("", "A program has a name, an audience and steps.")]
    if len(json.dumps(values, default=str)) > MOST_CHARACTERS:
        return [
            Problem(
                "",
                Phrase(
                    "A program has at most {at_most} characters. Make two of it.", at_most=MOST_CHARACTERS
                ),
            )
        ]
    given = values.get("steps")
    steps, problems = _steps(given, "steps", 0)
    document = None
    try:
        document = Document.model_validate({**values, "steps": tuple(steps)})
    except ValidationError as error:
        found = [each for each in problems_of(error) if each.path != "steps"]
        problems += [Problem(each.path, _said(each)) for each in found]
    if not given:
        problems.append(Problem("steps", "A program needs at least one step. Add one."))
    if document is not None and not problems:
        problems = list(_beyond_grammar(document, names, members))
    if document is None or problems:
        return problems or [Problem("", "This is no program.")]
    return document


def written(document: Document) -> dict[str, Any]:
    """Return a program as the values that `read` takes back with the same meaning."""
    found: dict[str, Any] = document.model_dump(mode="json")
    return found


def _said(problem: Problem) -> str:
    if problem.path == "name":
        return marked("Give the program a name of at most 80 characters.")
    if problem.path == "audience" and problem.sentence == "Is missing.":
        return marked("Say who enters.")
    return problem.sentence


def _steps(given: Any, path: str, depth: int) -> tuple[list[Step], list[Problem]]:
    if not isinstance(given, list | tuple):
        return [], [Problem(path, "Takes a list of steps.")] if given else []
    if depth > DEEPEST:
        return [], [
            Problem(
                path,
                Phrase(
                    "Branches may be nested {at_most} deep. Go to a step by its name instead.",
                    at_most=DEEPEST,
                ),
            )
        ]
    steps, problems = [], []
    for number, each in enumerate(given[: MOST_STEPS + 1]):
        step, wrong = _step(each, f"{path}[{number}]", depth)
        steps += [step] if step else []
        problems += wrong
    return steps, problems


def _step(given: Any, path: str, depth: int) -> tuple[Step | None, list[Problem]]:
    if isinstance(given, Step):
        return given, []
    sort = STEPS.get(str(given.get("type"))) if isinstance(given, dict) else None
    if sort is None:
        return None, [Problem(path, Phrase("A step has one of these types: {types}.", types=[*STEPS]))]
    values, problems = dict(given), []
    for name, _ in sort.inner:
        values[name], wrong = _steps(values.get(name) or [], f"{path}.{name}", depth + 1)
        problems += wrong
    try:
        return sort.model.model_validate(values), problems
    except ValidationError as error:
        found = [Problem(f"{path}.{each.path}".rstrip("."), each.sentence) for each in problems_of(error)]
        return None, problems + found


def _beyond_grammar(
    document: Document, names: Catalogue | None, members: Collection[str] | None
) -> Iterator[Problem]:
    steps = dict(document.walk())
    if len(steps) > MOST_STEPS:
        yield Problem(
            "steps",
            Phrase(
                "A program has at most {at_most} steps; this one has more. Make two of it.",
                at_most=MOST_STEPS,
            ),
        )
        return
    if names is not None:
        for path, condition in document.conditions():
            for each in problems_of_use(condition, names):
                yield Problem(f"{path}.{each.path}".rstrip("."), each.sentence)
    for place, step in steps.items():
        member = getattr(step, "member", None)
        if members is not None and member is not None and member not in members:
            yield Problem(
                f"{path_of(place)}.member",
                Phrase("Nobody who works here has the login {member}.", member=member),
            )
    yield from _ways(document, steps)


def _ways(document: Document, steps: dict[str, Step]) -> Iterator[Problem]:
    """Yield what is wrong with where the steps lead: names, loops, what nobody ever comes to."""
    named: dict[str, str] = {}
    for place, step in steps.items():
        if step.name is None:
            continue
        if step.name in named:
            yield Problem(
                f"{path_of(place)}.name",
                Phrase("Two steps are called “{name}”. Call one otherwise.", name=step.name),
            )
        named.setdefault(step.name, place)
    unknown = [
        Problem(
            f"{path_of(place)}.to",
            Phrase("No step is called “{name}”. Give that name to the step to go to.", name=name),
        )
        for place, step in steps.items()
        for name in STEPS[step.type].named(step)
        if name not in named
    ]
    yield from unknown
    if unknown:
        return
    if loop := graph.loop_without_a_wait(document):
        yield Problem(path_of(loop), "From here the steps go round without a wait. Put a wait into the loop.")
    for place in graph.out_of_reach(document):
        yield Problem(path_of(place), "Nobody ever comes to this step. Move it up, or remove it.")
