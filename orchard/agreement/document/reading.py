"""Turn a text into an agreement, or into every mistake in it with its line."""

from types import UnionType
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from orchard.agreement.document.checking import check
from orchard.agreement.document.mistakes import Mistake
from orchard.agreement.document.model import Document
from orchard.agreement.document.nodes import MOST_CHARACTERS, Text, read_nodes, read_values
from orchard.engine import catalogue as catalogues
from orchard.engine.conditions import problems_of
from orchard.engine.conditions.checking import nearest
from orchard.engine.conditions.tree import SORTS
from orchard.engine.types import Catalogue
from orchard.kit.words import Phrase, marked

__all__ = ["MOST_CHARACTERS", "parse", "read_data"]

_UNKNOWN = "Is not a word of the grammar here."


def parse(text: str, catalogue: Catalogue | None = None) -> Document | list[Mistake]:
    """Return the agreement that `text` (YAML) spells, or all that is wrong with it, in the order of the text.

    Names of fields, kinds and stages are looked up in `catalogue`, by default that of this process.
    """
    return _finish(read_nodes(text), catalogue)


def read_data(data: Any, catalogue: Catalogue | None = None) -> Document | list[Mistake]:
    """Return the agreement that plain values spell (as a form gives them), or all that is wrong, by path."""
    return _finish(read_values(data), catalogue)


def _finish(text: Text, catalogue: Catalogue | None) -> Document | list[Mistake]:
    if text.data is None and text.mistakes:
        return text.mistakes
    if not isinstance(text.data, dict):
        text.wrong("", "An agreement begins with `name:`, `score:`, `handoff:` and so on, each on its line.")
        return sorted(set(text.mistakes))
    document: Document | None = None
    try:
        document = Document.model_validate(text.data)
    except ValidationError as error:
        for problem in problems_of(error):
            path = _as_written(text, problem.path.replace("handoff.when", "handoff", 1))
            text.wrong(path, _sentence(path, problem.path, problem.sentence))
    check(text, document, catalogue or catalogues.installed())
    return sorted(set(text.mistakes)) if text.mistakes or document is None else document


def _as_written(text: Text, path: str) -> str:
    """Return the path of an unknown word beside a condition's own, which pydantic puts inside it."""
    around, _, word = path.rpartition(".")
    beside = f"{around.rpartition('.')[0]}.{word}"
    return beside if path not in text.places and beside in text.places else path


def _sentence(path: str, raw_path: str, sentence: str) -> str:
    """Say what pydantic found as a colleague would."""
    if sentence == _UNKNOWN:
        around, _, word = path.rpartition(".")
        return Phrase("There is no `{word}` here.{nearest}", word=word, nearest=nearest(word, _words(around)))
    if raw_path == "handoff.when":
        return marked("Say when a contact is handed over: by all, any, not, field, did, score or stage.")
    if sentence == "Is missing.":
        return Phrase("`{word}` is missing.", word=path.rpartition(".")[2])
    if "instance of" in sentence:
        return marked("Takes words of its own with a value each, as in {name: value}.")
    return sentence


def _words(path: str) -> set[str]:
    """Return the words that may stand at `path`."""
    model: type[BaseModel] | None = Document
    for step in filter(None, path.replace("]", "").replace("[", ".").split(".")):
        if step.isdigit():
            continue
        named = {field.alias or name: field for name, field in model.model_fields.items()} if model else {}
        model = _inner(named[step].annotation) if step in named else None
        if model is None:
            return _condition_words()
    words = {field.alias or name for name, field in model.model_fields.items()} if model else set()
    return words - {"when"} | _condition_words() if path == "handoff" else words


def _inner(annotation: Any) -> type[BaseModel] | None:
    """Return the one model of ours inside an annotation such as `tuple[Route, ...] | None`; None for a condition."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return None if annotation in SORTS.values() else annotation
    if isinstance(annotation, UnionType) or get_args(annotation):
        return next((found for part in get_args(annotation) if (found := _inner(part))), None)
    return None


def _condition_words() -> set[str]:
    return {field.alias or name for model in SORTS.values() for name, field in model.model_fields.items()}
