"""The guide to the agreement is its grammar: its example is one, and it names every word and nothing else."""

import re
from pathlib import Path
from typing import get_args

from pydantic import BaseModel

from orchard.agreement.document import Document, parse
from orchard.agreement.document.model import Handoff, Target
from orchard.cli.main import _parser
from orchard.interactions.types import KINDS
from tests.make.agreements import known

GUIDE = (Path(__file__).parents[3] / "docs" / "guides" / "agreement.md").read_text(encoding="utf-8")

UNWRITTEN = {(Handoff, "when"), (Target, "relation")}
"""What is written without its word."""


def words(part=Document):
    """Yield every key of the grammar, from a part of the document down."""
    for name, field in part.model_fields.items():
        if (part, name) not in UNWRITTEN:
            yield field.alias or name
        yield from nested(field.annotation)


def nested(annotation):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation.__module__ == Document.__module__:
            yield from words(annotation)
        return
    for inner in get_args(annotation):
        yield from nested(inner)


def test_the_example_is_an_agreement():
    (example,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert isinstance(parse(example, known()), Document)


def test_every_word_of_the_grammar_is_named():
    found = set(words())
    assert {"half_life_days", "longest_plan_days", "needs", "calendar"} <= found
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", GUIDE))))
    assert found - named == set()


def test_the_tables_name_no_word_that_does_not_exist():
    named = set(re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE))
    assert named <= set(words())


def test_the_kinds_that_score_are_those_that_may():
    listed = GUIDE[GUIDE.index("These kinds may score") : GUIDE.index("## Hand-off")]
    assert re.findall(r"`([a-z.]+)`", listed) == [kind.name for kind in KINDS.values() if kind.scores]


def test_the_commands_are_commands():
    (block,) = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
    for line in block.splitlines():
        assert _parser().parse_args(line.split("#")[0].split()[1:]).command
