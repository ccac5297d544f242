"""Read YAML into plain values and remember the line of each: safe tags only, no references, bounded size."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from orchard.agreement.document.mistakes import Mistake
from orchard.kit.broken_yaml import broken
from orchard.kit.words import Phrase, marked

MOST_CHARACTERS = 200_000
DEEPEST = 60
PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)


@dataclass(slots=True)
class Text:
    """A document as values, the line and column of each path, and what was wrong so far."""

    data: Any = None
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def place(self, path: str) -> tuple[int, int]:
        """Return where `path` stands, or the nearest part around it that is there."""
        while path and path not in self.places:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.places.get(path, (1, 1))

    def wrong(self, path: str, sentence: str) -> None:
        """Note a mistake at `path`."""
        self.mistakes.append(Mistake(*self.place(path), path, sentence))


def read_nodes(text: str) -> Text:
    """Return the values of `text` and their places; broken YAML leaves `data` None and says why."""
    found = Text()
    if len(text) > MOST_CHARACTERS:
        found.wrong(
            "",
            Phrase(
                "An agreement has at most {at_most} characters; this one has {length}.",
                at_most=MOST_CHARACTERS,
                length=len(text),
            ),
        )
        return found
    try:
        if trouble := _forbidden(text):
            found.mistakes.append(trouble)
            return found
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        line, column, sentence = broken(error, text)
        found.mistakes.append(Mistake(line, column, "", sentence))
        return found
    if node is None:
        found.wrong("", "The document is empty.")
        return found
    _Walk(found).value(node, "")
    return found


def read_values(data: Any) -> Text:
    """Return values that came without a text, as those of a form; every mistake stands at line 1."""
    return Text(data=data)


def _forbidden(text: str) -> Mistake | None:
    """Return why the events of `text` may not be composed: references, depth, tags, a second document."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        sentence = ""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            sentence = marked(
                "References (& and *) are not allowed; write the part out, so that it reads as it counts."
            )
        elif getattr(event, "tag", None):
            sentence = marked("Tags (!) are not allowed; write the plain value.")
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            sentence = marked("A second document begins here; an agreement is one.") if documents > 1 else ""
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            sentence = Phrase("Parts may be nested at most {at_most} deep.", at_most=DEEPEST)
        if sentence and (mark := event.start_mark):
            return Mistake(mark.line + 1, mark.column + 1, "", sentence)
    return None


class _Walk:
    def __init__(self, found: Text) -> None:
        self._found = found
        self._constructor = SafeConstructor()

    def value(self, node: yaml.Node, path: str) -> Any:
        self._found.places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
        if isinstance(node, yaml.MappingNode):
            made: Any = self._mapping(node, path)
        elif isinstance(node, yaml.SequenceNode):
            made = [self.value(child, f"{path}[{place}]") for place, child in enumerate(node.value)]
        else:
            made = self._scalar(node, path)
        if not path:
            self._found.data = made
        return made

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[Hashable, Any]:
        made: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._found.wrong(path, "A key is one word here.")
                continue
            key = str(key_node.value)
            inner = f"{path}.{key}" if path else key
            if key in made:
                line = self._found.places[inner][0]
                mark = key_node.start_mark
                self._found.mistakes.append(
                    Mistake(
                        mark.line + 1,
                        mark.column + 1,
                        inner,
                        Phrase("`{key}` stands here twice; first in line {line}.", key=key, line=line),
                    )
                )
                continue
            self._found.places[inner] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            made[key] = self.value(value_node, inner)
        return made

    def _scalar(self, node: yaml.Node, path: str) -> Any:
        if node.tag not in PLAIN_TAGS:
            return str(node.value)
        try:
            made = self._constructor.construct_object(node)
        except (ValueError, OverflowError, yaml.YAMLError):
            self._found.wrong(
                path,
                Phrase(
                    "`{value}` looks like a number or a day but is none; put it in quotes.",
                    value=str(node.value)[:40],
                ),
            )
            return str(node.value)
        if isinstance(made, int) and not isinstance(made, bool) and ":" in node.value:
            return str(node.value)  # YAML 1.1 reads 9:30 as 570; nobody here means that
        if isinstance(made, datetime) and made.tzinfo is None:
            return str(node.value)
        return made
