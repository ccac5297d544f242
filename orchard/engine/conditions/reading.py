"""Read a condition from what YAML, JSON or a form gives, with every mistake named in a sentence."""

from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from orchard.engine.conditions.tree import SORTS, Condition
from orchard.engine.types import Problem
from orchard.kit.errors import Refused
from orchard.kit.words import Phrase, marked, together

_adapter: TypeAdapter[Condition] = TypeAdapter(Condition)


def read(value: Any) -> Condition:
    """Return the condition that `value` (dicts, lists and scalars, as YAML gives them) spells.

    Raises `Refused` with one sentence per mistake, each with its path.
    """
    try:
        return _adapter.validate_python(value)
    except ValidationError as error:
        raise Refused(together(problem.told for problem in problems_of(error))) from error


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a condition."""
    return _adapter.json_schema()


def written(condition: Condition) -> dict[str, Any]:
    """Return the condition as JSON-shaped data that `read` takes back with the same meaning."""
    found: dict[str, Any] = condition.model_dump(mode="json")
    return found


def path_of(steps: tuple[int | str, ...]) -> str:
    """Return the place of a mistake as a person writes it (`handoff.any[1].did`), without tags of unions."""
    path, tag_before = "", False
    for place, step in enumerate(steps):
        tag_before = not tag_before and _is_tag(steps, place)
        if isinstance(step, int):
            path += f"[{step}]"
        elif not tag_before and step.isidentifier() and step not in _SCALARS:
            path += f".{step}" if path else step
    return path


def _is_tag(steps: tuple[int | str, ...], place: int) -> bool:
    """Tell whether a step is the tag that pydantic puts before a member of the union of conditions."""
    model = SORTS.get(str(steps[place]))
    if model is None:
        return False
    if place == len(steps) - 1:
        return place > 0
    words = {field.alias or name for name, field in model.model_fields.items()}
    return steps[place + 1] in words


def problems_of(error: ValidationError) -> list[Problem]:
    """Return pydantic's errors as problems, one per place, in the order of the document."""
    details = error.errors(include_url=False)
    deeper = {d["loc"][:depth] for d in details for depth in range(len(d["loc"]))}
    found: dict[str, ErrorDetails] = {}
    for d in details:
        if not (d["type"] == "too_short" and d["loc"] in deeper):  # only short for its members' own mistakes
            found.setdefault("" if d["type"] == "recursion_depth_exceeded" else path_of(d["loc"]), d)
    return [Problem(path, _sentence(d)) for path, d in found.items()]


def _plain(value: Any) -> Any:
    return f"{value:g}" if isinstance(value, float) else value


def _sentence(details: ErrorDetails) -> Phrase:
    context = details.get("ctx", {})
    if isinstance(error := context.get("error"), ValueError):
        why = Phrase(error.args[0])
    elif known := _SENTENCES.get(details["type"]):
        why = Phrase(
            known,
            **{name: f"{value:g}" if isinstance(value, float) else value for name, value in context.items()},
        )
    else:
        why = Phrase(str(details["msg"]).replace("Input should be", "must be"))
    return Phrase("{why:sentence}", why=why)


_SCALARS = {"bool", "int", "float", "date", "datetime", "str"}
_SENTENCES = {
    "extra_forbidden": marked("is not a word of the grammar here"),
    "missing": marked("is missing"),
    "too_short": marked("is empty; name at least one"),
    "string_too_short": marked("is empty"),
    "tuple_type": marked("takes a list, as in [one, two]"),
    "recursion_depth_exceeded": marked("is nested too deeply"),
    "condition": marked("a condition names exactly one of: all, any, not, field, did, score, stage, segment"),
    "int_type": marked("must be a whole number"),
    "int_parsing": marked("must be a whole number"),
    "int_from_float": marked("must be a whole number"),
    "float_type": marked("must be a number"),
    "float_parsing": marked("must be a number"),
    "string_too_long": marked("may have at most {max_length} characters"),
    "string_pattern_mismatch": marked("does not have the form {pattern}"),
    # As pydantic says them.
    "finite_number": marked("must be a finite number"),
    "string_type": marked("must be a valid string"),
    "bool_type": marked("must be a valid boolean"),
    "bool_parsing": marked("must be a valid boolean, unable to interpret input"),
    "dict_type": marked("must be a valid dictionary"),
    "list_type": marked("must be a valid list"),
    "greater_than": marked("must be greater than {gt}"),
    "greater_than_equal": marked("must be greater than or equal to {ge}"),
    "less_than": marked("must be less than {lt}"),
    "less_than_equal": marked("must be less than or equal to {le}"),
    "literal_error": marked("must be {expected}"),
    "enum": marked("must be {expected}"),
}
