"""What keeps a text from being YAML, in a sentence that says what to do, and the place where to do it."""

import re
from typing import NamedTuple

import yaml
from yaml.reader import ReaderError

from orchard.kit.words import Phrase, marked


class Broken(NamedTuple):
    """Where a text stops being YAML, counted from 1, and why."""

    line: int
    column: int
    sentence: Phrase


class _Way(NamedTuple):
    """One way to break a text: what the reader of YAML says of it, and what we say instead.

    `opened` where what is to be mended began before the place at which the reader gave up.
    """

    says: re.Pattern[str]
    sentence: str
    opened: bool = False


def _way(says: str, sentence: str, *, opened: bool = False) -> _Way:
    return _Way(re.compile(says), sentence, opened)


_WAYS = (
    _way(
        r"mapping values are not allowed",
        marked(
            "A colon stands here where none may: begin a new line for each name, all of one part in the same column, "
            "and put a value that holds a colon in quotes."
        ),
    ),
    _way(r"could not find expected ':'", marked("This line has no colon: write `name: value`."), opened=True),
    _way(r"found character '\\t'", marked("A tab stands here; indent with spaces.")),
    _way(r"cannot start any token", marked("A value cannot begin with this character; put it in quotes.")),
    _way(
        r"expected <block end>",
        marked(
            "This line begins in another column than what it belongs to; set all of one part in the same column."
        ),
    ),
    _way(
        r"expected ',' or '\]'",
        marked("The list that [ opens here lacks a comma between two values, or its ] at the end."),
        opened=True,
    ),
    _way(
        r"expected ',' or '\}'",
        marked("The part that { opens here lacks a comma between two values, or its } at the end."),
        opened=True,
    ),
    _way(
        r"found unexpected (end of stream|document separator)",
        marked("The quotation mark here is never closed."),
        opened=True,
    ),
    _way(
        r"while scanning a double-quoted scalar",
        marked(
            "Between double quotes a backslash changes what follows; write it twice, or take single quotes."
        ),
    ),
    _way(
        r"sequence entries are not allowed",
        marked(
            "A list cannot begin in the middle of a line; put each - on a line of its own, or write [one, two]."
        ),
    ),
    _way(r"mapping keys are not allowed", marked("A value cannot begin with “?”; put it in quotes.")),
    _way(
        r"expected the node content",
        marked("A value is missing here, or a comma or a bracket stands here too many."),
    ),
    _way(
        r"while scanning a block scalar",
        marked("What follows | or > begins on the next line; to begin a value with them, put it in quotes."),
    ),
    _way(r"expected '<document start>'", marked("What stands here belongs to nothing above it.")),
    _way(
        r"while scanning an (alias|anchor)|undefined alias|duplicate anchor",
        marked("References (& and *) are not allowed; write the part out, so that it reads as it counts."),
    ),
    _way(
        r"while (scanning|parsing) a tag|tag handle",
        marked("Tags (!) are not allowed; write the plain value."),
    ),
    _way(
        r"while scanning a directive|directive|YAML document \(version", marked("A line cannot begin with %.")
    ),
    _way(
        r"special characters are not allowed", marked("The text holds a character that YAML does not allow.")
    ),
)
_UNKNOWN = _way(
    "", marked("This line cannot be read. Look at its indentation, its colons and its quotation marks.")
)


def broken(error: yaml.YAMLError, text: str) -> Broken:
    """Say why `text` is no YAML, by the `error` with which reading it ended."""
    if isinstance(error, ReaderError):
        before = text[: error.position]
        found = _found(str(error.reason))
        return Broken(before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1, Phrase(found.sentence))
    if not isinstance(error, yaml.MarkedYAMLError):
        return Broken(1, 1, Phrase(_UNKNOWN.sentence))
    found = _found(f"{error.problem} {error.context}")
    mark = (error.context_mark if found.opened else None) or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Broken(line, column, Phrase(found.sentence))


def _found(said: str) -> _Way:
    return next((way for way in _WAYS if way.says.search(said)), _UNKNOWN)
