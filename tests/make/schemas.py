"""Whether JSON is what a schema says: the part of JSON Schema (2020-12) that our description uses, and no more."""

import re
from datetime import datetime

_TYPES = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
_SAYS_NOTHING = {"title", "description", "default", "examples", "example", "format"}


def wrong_with(value, schema, root, where="#"):
    """Return what in `value` is not as the schema says, a line each."""
    return list(_wrong(value, schema, root, where))


def _wrong(value, schema, root, where):
    for word, says in schema.items():
        if word in _SAYS_NOTHING:
            if word == "format" and says == "date-time" and isinstance(value, str):
                datetime.fromisoformat(value)
            continue
        yield from _WORDS[word](value, says, root, where, schema)


def _ref(value, says, root, where, _):
    target = root
    for step in says.removeprefix("#/").split("/"):
        target = target[step]
    yield from _wrong(value, target, root, where)


def _type(value, says, _root, where, _):
    if not _TYPES[says](value):
        yield f"{where}: {value!r} is no {says}"


def _any_of(value, says, root, where, _):
    if all(wrong_with(value, each, root, where) for each in says):
        yield f"{where}: {value!r} is none of {says}"


def _all_of(value, says, root, where, _):
    for each in says:
        yield from _wrong(value, each, root, where)


def _required(value, says, _root, where, _):
    if isinstance(value, dict):
        yield from (f"{where}: {name} is missing" for name in says if name not in value)


def _properties(value, says, root, where, _):
    if isinstance(value, dict):
        for name, schema in says.items():
            if name in value:
                yield from _wrong(value[name], schema, root, f"{where}/{name}")


def _additional(value, says, root, where, schema):
    if isinstance(value, dict) and says is not True:
        for name in value.keys() - schema.get("properties", {}).keys():
            if says is False:
                yield f"{where}: nobody knows {name}"
            else:
                yield from _wrong(value[name], says, root, f"{where}/{name}")


def _items(value, says, root, where, _):
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _wrong(each, says, root, f"{where}/{number}")


def _holds(test, kinds):
    def check(value, says, _root, where, _):
        if isinstance(value, kinds) and not isinstance(value, bool) and not test(value, says):
            yield f"{where}: {value!r} against {says!r}"

    return check


_WORDS = {
    "$ref": _ref,
    "type": _type,
    "anyOf": _any_of,
    "allOf": _all_of,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "enum": lambda value, says, _root, where, _: (
        [] if value in says else [f"{where}: {value!r} not in {says}"]
    ),
    "minimum": _holds(lambda value, says: value >= says, int | float),
    "maximum": _holds(lambda value, says: value <= says, int | float),
    "exclusiveMaximum": _holds(lambda value, says: value < says, int | float),
    "minLength": _holds(lambda value, says: len(value) >= says, str),
    "maxLength": _holds(lambda value, says: len(value) <= says, str),
    "minItems": _holds(lambda value, says: len(value) >= says, list),
    "maxItems": _holds(lambda value, says: len(value) <= says, list),
    "maxProperties": _holds(lambda value, says: len(value) <= says, dict),
    "pattern": _holds(lambda value, says: re.search(says, value), str),
}
