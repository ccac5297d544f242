"""What a program may say: each mistake has its place and a sentence that says what to do."""

import pytest

from orchard.nurture.document import Document, read, written
from orchard.nurture.rules import graph_of
from orchard.nurture.steps import STEPS
from tests.make import agreements
from tests.make.programs import CALL, WAIT, said

BRANCH = {
    "type": "branch",
    "when": {"field": "contact.country", "is": "AT"},
    "then": [{"type": "end", "outcome": "near"}],
    "else": [{"type": "go", "to": "again"}],
}
NAMED = {**WAIT, "name": "again"}


def problems(values):
    found = read(values, agreements.known(), {"nora@example.com"})
    return [] if isinstance(found, Document) else [(each.path, each.sentence) for each in found]


def test_a_program_is_read_and_written_with_the_same_meaning():
    values = said(NAMED, CALL, BRANCH, goal={"becomes_lead": True})
    document = read(values, agreements.known())
    assert isinstance(document, Document)
    assert read(written(document), agreements.known()) == document


def test_steps_lead_from_one_to_the_next_into_branches_and_back_to_a_name():
    graph = graph_of(read(said(NAMED, CALL, {**BRANCH, "then": []}, CALL)))
    assert {place: sorted(node.goals) for place, node in graph.items()} == {
        "0": ["1"],
        "1": ["2"],
        "2": ["2.else.0", "3"],
        "2.else.0": ["0"],
        "3": ["end"],
    }


def test_every_type_of_step_has_a_sentence_a_sign_and_fields_that_the_form_can_ask_for():
    for name, sort in STEPS.items():
        asked = {field.name for field in sort.fields}
        known = {field.alias or key for key, field in sort.model.model_fields.items()}
        assert asked | {label for label, _ in sort.inner} == known - {"type", "name"}, name


@pytest.mark.parametrize(
    ("values", "path", "words"),
    [
        (said(name=""), "name", "Give the program a name"),
        (said({"type": "fly"}), "steps[0]", "one of these types: wait, task"),
        ({**said(), "steps": []}, "steps", "at least one step"),
        (said({"type": "wait"}), "steps[0]", "how long to wait"),
        (said({"type": "wait", "days": 9999}), "steps[0].days", "less than or equal"),
        (said({"type": "go", "to": "nowhere"}), "steps[0].to", "No step is called “nowhere”"),
        (said({**CALL, "name": "a"}, {"type": "go", "to": "a"}), "steps[0]", "without a wait"),
        (said({"type": "end", "outcome": "x"}, CALL), "steps[1]", "Nobody ever comes"),
        (said(NAMED, NAMED), "steps[1].name", "Two steps are called"),
        (said({**CALL, "to": "member", "member": "x@y.example"}), "steps[0].member", "Nobody who works here"),
        (said({**CALL, "to": "member"}), "steps[0]", "e-mail"),
        (said({"type": "task", "what": "todo"}), "steps[0]", "what is to be done"),
        (
            said({**BRANCH, "when": {"field": "contact.nose", "is": "long"}}, NAMED),
            "steps[0].when",
            "contact.nose",
        ),
        (said({**BRANCH, "then": [{"type": "wait"}]}, NAMED), "steps[0].then[0]", "how long"),
        (said(*[WAIT] * 61), "steps", "at most 60 steps"),
        ({**said(), "audience": {}}, "audience", "which reasons"),
        ({"name": "A", "steps": [WAIT]}, "audience", "who enters"),
        (said(returned=["too_early"], goal={}), "goal", "becomes a lead"),
        (said(title="x" * 100_001), "", "characters"),
        ([], "", "A program has"),
    ],
)
def test_a_mistake_has_its_place_and_says_what_to_do(values, path, words):
    found = problems(values)
    assert any(where.startswith(path) and words in sentence for where, sentence in found), found
    if path:
        assert all(where for where, _ in found)


def test_branches_end_somewhere_however_deep_a_form_nests_them():
    values = {"type": "wait", "days": 1}
    for _ in range(6):
        values = {**BRANCH, "then": [values], "else": []}
    assert any("nested" in sentence for _, sentence in problems(said(values)))
