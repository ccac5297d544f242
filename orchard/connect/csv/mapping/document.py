"""Reads a map from its YAML text, so that each error names the line where it stands."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from orchard.connect.csv.mapping.grammar import KEYS, ImportMap, nearest
from orchard.connect.csv.types import MapError, Problem
from orchard.kit.broken_yaml import broken
from orchard.kit.errors import Refused
from orchard.kit.words import Phrase

_LONGEST = 200_000  # characters; a map of a thousand columns has a tenth of that
_DEEPEST = 12

_Path = tuple[str | int, ...]


def read_map(text: str | Path) -> ImportMap:
    """Return the map that the YAML text, or the file at a path, holds.

    Raises MapError with every problem found and its line. Every scalar is read as text, so that `NO` is
    Norway and `Yes` is what the cell says.
    """
    if isinstance(text, Path):
        text = _text_of(text)
    lines: dict[_Path, int] = {}
    data = _plain(_composed(text), (), lines)
    if not isinstance(data, dict):
        raise MapError([Problem(1, "A map begins with keys such as `contact:`.")])
    try:
        found = ImportMap.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise MapError(sorted({_problem(detail, lines) for detail in details})) from None
    return found.model_copy(update={"lines": lines})


def as_yaml(import_map: ImportMap) -> str:
    """Write the map as YAML in the order of the grammar; reading it again gives the same map."""
    data = import_map.model_dump(by_alias=True, exclude_defaults=True)
    data["contact"] = {name: _short(sources) for name, sources in data.get("contact", {}).items()}
    for part in (data, *data.get("interactions", []), *data.get("consent", [])):
        if "only_if" in part:
            part["only_if"] = _short(part["only_if"])
    data = {key: value for key, value in data.items() if value not in ({}, [])}
    return yaml.safe_dump(_shortened(data), sort_keys=False, allow_unicode=True, width=110)


def _short(sources: list[dict[str, Any]]) -> Any:
    return sources[0] if len(sources) == 1 else sources


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"column"}:
            return value["column"]
        return {key: _shortened(part) for key, part in value.items()}
    return [_shortened(part) for part in value] if isinstance(value, list) else value


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("The map {file} is not UTF-8 text.", file=path.name) from None
    except OSError as error:
        raise Refused("The map {path} cannot be read: {why}.", path=path, why=error.strerror) from None


def line_of(path: _Path, lines: dict[_Path, int]) -> int:
    """Return the line on which the nearest known part of `path` stands, or 0."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 0)


def _composed(text: str) -> yaml.Node | None:
    if len(text) > _LONGEST:
        raise Refused("The map is longer than {at_most} characters: this is no map.", at_most=_LONGEST)
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.AliasEvent):
                raise MapError([Problem(line, "A map uses no YAML aliases (`*name`); write the part out.")])
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            # The reader takes the longer for each sign, the more parts are open around it.
            if depth > _DEEPEST:
                raise MapError([Problem(line, "The map is nested too deeply.")])
        return yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        found = broken(error, text)
        raise MapError([Problem(found.line, found.sentence)]) from None


def _plain(node: yaml.Node | None, path: _Path, lines: dict[_Path, int]) -> Any:
    if node is None:
        return None
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, index), lines) for index, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    return node.value


def _mapping(node: yaml.MappingNode, path: _Path, lines: dict[_Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise MapError([Problem(line, "A key is a plain word.")])
        if key.value in found:
            raise MapError(
                [Problem(line, Phrase("{value} stands twice; keep one of the two.", value=repr(key.value)))]
            )
        lines[(*path, key.value)] = line
        found[key.value] = _plain(value, (*path, key.value), lines)
    return found


def _first_word(message: str) -> str:
    """Return the word that a sentence about one key of several begins with: the key."""
    return message.removeprefix("Value error, ").partition(" ")[0]


def _problem(detail: ErrorDetails, lines: dict[_Path, int]) -> Problem:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    line = line_of(path, lines)
    where = ".".join(str(part) for part in path if isinstance(part, str))
    if detail["type"] == "extra_forbidden":
        name = str(path[-1])
        return Problem(
            line,
            Phrase("{name} is no part of a map here.{nearest}", name=repr(name), nearest=nearest(name, KEYS)),
            of_grammar=True,
        )
    if detail["type"] == "missing":
        return Problem(line, Phrase("{path} is missing.", path=repr(path[-1])), of_grammar=True)
    line = line_of((*path, _first_word(detail["msg"])), lines)
    error = detail.get("ctx", {}).get("error")
    why = Phrase(error.args[0] if isinstance(error, ValueError) else detail["msg"])
    told = Phrase("{where}: {why:stop}", where=where, why=why) if where else Phrase("{why:sentence}", why=why)
    return Problem(line, told, of_grammar=True)
