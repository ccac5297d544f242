"""The condition language: what may be written, what is said of mistakes, and how it reads in words."""

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given

from orchard.engine.conditions import atoms, in_words, kinds_named, read, schema, validate, written
from orchard.engine.conditions.checking import DEEPEST, MOST_PARTS, MOST_VALUES
from orchard.kit.errors import Refused
from tests.make.conditions import CATALOGUE, trees

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "conditions.md"


def parse(text):
    return read(yaml.safe_load(text))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[1]", "A condition names exactly one of: all, any, not, field, did, score, stage, segment."),
        ("{fiel: x, is: 1}", "A condition names exactly one of"),
        ("{field: x, did: y}", "A condition names exactly one of"),
        ("{field: x}", "Compare the field by exactly one of: is, in"),
        ("{field: x, is: 1, gt: 2}", "Compare the field by exactly one of: is, in"),
        ("{field: x, is: null}", "for a missing field write `empty: true`"),
        ("{field: x, is: {a: 1}}", "is: Takes a text, a number, a day, true or false."),
        ("{field: x, gt: .nan}", "gt: Takes a finite number."),
        ("{field: x, before: 2027-03-01T09:00:00}", "before: Needs the offset from UTC"),
        ("{field: x, in: []}", "in: Is empty; name at least one."),
        ("{field: x, is: 1, bogus: 2}", "bogus: Is not a word of the grammar here."),
        ("{all: []}", "all: Is empty; name at least one."),
        ("{all: {field: x, is: 1}}", "all: Takes a list, as in [one, two]."),
        ("{any: [{not: {field: x, is: [3]}}]}", "any[0].not.is: Takes a text"),
        ("{did: []}", "did: Is empty; name at least one."),
        ("{did: x, within_days: 0}", "within_days: Must be greater than or equal to 1."),
        ("{did: x, within_days: 7, since: offer}", "Use `within_days` or `since`, not both."),
        ("{did: x, since: moon}", "since: Takes last_return, offer, or a day such as 2027-03-01."),
        ("{did: x, at_least: 0}", "`at_least: 0` always holds"),
        ("{did: x, at_least: 3, at_most: 2}", "so it never holds"),
        ("{did: x, where: {field: y}}", "where: Compare the field by exactly one of"),
        ("{score: totl, at_least: 3}", "score: Must be 'total', 'fit', 'engagement' or 'account'."),
        ("{score: fit}", "A score needs `at_least` or `at_most`."),
        ("{stage: 5}", "stage: Takes a list"),
    ],
)
def test_each_mistake_of_form_is_told_in_a_sentence_with_its_place(text, sentence):
    with pytest.raises(Refused, match=re.escape(sentence)):
        parse(text)


def test_two_mistakes_are_told_at_once_and_a_mistaken_list_is_not_called_empty():
    with pytest.raises(Refused) as refusal:
        parse("{any: [{stage: 5}, {score: fit}]}")
    assert "any[0].stage" in str(refusal.value)
    assert "any[1]" in str(refusal.value)
    assert "empty" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{field: contact.county, is: CA}",
         "field: There is no field `contact.county`. Did you mean `contact.country`?"),
        ("{field: contact.country, gt: 5}", "gt: `contact.country` is compared by one of: is, in, contains, empty."),
        ("{field: contact.country, in: [NO, CA]}", "in: `contact.country` is text; words that YAML"),
        ("{field: contact.country, is: 5}", 'is: `contact.country` is text; put the value in quotes: "5".'),
        ("{field: account.employees, gt: many}", "gt: `account.employees` is a number, not 'many'."),
        ("{field: account.employees, gt: 2.5}", "gt: `account.employees` is a whole number, not 2.5."),
        ("{field: account.employees, is: 99999999999999999999}", "cannot be as large as"),
        ("{field: account.employees, between: [5, 1]}", "between: The first value is the smaller one."),
        ("{field: contact.is_competitor, is: 1}", "is: `contact.is_competitor` is true or false, not 1."),
        ("{field: contact.born, before: soon}", "before: `contact.born` is a time; write a day such as 2027-03-01"),
        ("{field: contact.born, is: 2027-03-01T09:00:00Z}", "is: `contact.born` is a day; write it without a time"),
        ("{field: contact.created_at, between: [2027-03-02, '2027-03-01T00:00:00Z']}",
         "The first value is the smaller"),
        ("{did: quote.request}",
         "did: There is no kind of interaction `quote.request`. Did you mean `quote.requested`?"),
        ("{stage: qualifed}", "stage: There is no stage `qualifed`. Did you mean `qualified`?"),
        ("{segment: ours}", "A segment may not be named here; write its condition out."),
        ("{did: show.visited, where: {did: show.visited}}", "where: Inside `where` stand only fields of the fact"),
        ("{did: show.visited, where: {field: contact.country, is: CA}}", "where.field: There is no field"),
        ("{did: show.visited, where: {field: content.type, is: case_studies}}", "Did you mean `case_study`?"),
        ("{not: {all: [{stage: x}]}}", "not.all[0].stage: There is no stage `x`."),
        ('{field: contact.country, is: "a\\0b"}', "is: `contact.country` cannot hold"),
        ('{field: contact.country, contains: "a\\0b"}', "contains: `contact.country` cannot hold"),
    ],
)  # fmt: skip
def test_each_mistake_of_meaning_is_told_with_its_place_and_the_nearest_name(text, problem):
    (found,) = validate(parse(text), CATALOGUE, allow_segment=False)
    assert problem in str(found)


def test_a_segment_may_be_named_outside_the_agreement():
    assert validate(parse("{segment: ours}"), CATALOGUE) == []


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        (
            {"any": [{"stage": "contact"}] * (MOST_PARTS + 1)},
            f"any[{MOST_PARTS}]: A condition may have at most 50",
        ),
        (
            {"did": "show.visited", "where": {"all": [{"field": "content.type", "is": "?"}] * MOST_PARTS}},
            f"where.all[{MOST_PARTS - 1}]: A condition may have at most 50 parts",
        ),
        (
            {"not": {"field": "contact.country", "in": [f"C{n}" for n in range(MOST_VALUES + 1)]}},
            "not: The lists of a condition may name at most 200 values",
        ),
    ],
)
def test_a_condition_that_would_compile_for_long_is_refused_at_the_part_that_is_too_many(condition, problem):
    (found,) = validate(read(condition), CATALOGUE)
    assert problem in str(found)


def test_a_condition_as_large_as_may_be_is_in_order():
    values = [f"C{n}" for n in range(MOST_VALUES)]
    parts = [{"field": "contact.country", "in": values}, *[{"stage": "contact"}] * (MOST_PARTS - 1)]
    assert validate(read({"any": parts}), CATALOGUE) == []


def test_nesting_has_an_end():
    tree = {"stage": "contact"}
    for _ in range(DEEPEST + 1):
        tree = {"not": tree}
    assert any("nested" in problem.sentence for problem in validate(read(tree), CATALOGUE))
    for _ in range(400):
        tree = {"not": tree}
    with pytest.raises(Refused, match="nested too deeply"):
        read(tree)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{did: quote.requested, within_days: 7}", "has asked for a quote within the last 7 days"),
        ("{did: [quote.requested, show.visited]}", "has asked for a quote or visited our booth"),
        ("{did: show.visited, at_least: 2, since: offer}",
         "has visited our booth at least 2 times since the last offer"),
        ("{did: show.visited, at_most: 0, within_days: 1}", "has not visited our booth within the last day"),
        ("{did: show.visited, at_least: 1, at_most: 3}", "has visited our booth from 1 to 3 times"),
        ("{field: contact.country, in: [CA, US]}", "country is CA or US"),
        ("{field: contact.is_competitor, is: true}", "competitor is yes"),
        ("{field: contact.country, empty: false}", "country is known"),
        ("{field: account.employees, between: [5, 50]}", "number of employees is from 5 to 50"),
        ("{score: fit, at_least: 20}", "the fit score is at least 20"),
        ("{stage: [qualified, customer]}", "stage is Qualified or Customer"),
        ("{all: [{stage: contact}, {any: [{stage: qualified}, {segment: x}]}]}",
         "stage is Contact and (stage is Qualified or is in the segment X)"),
        ("{not: {stage: customer}}", "not (stage is Customer)"),
        ("{did: show.visited, where: {field: content.type, is: case_study}}",
         "has visited our booth (where type of content is case study)"),
        ("{did: gone.kind}", "has gone kind"),
    ],
)  # fmt: skip
def test_a_condition_reads_as_plain_words(text, words):
    assert in_words(parse(text), CATALOGUE).startswith(words)


def test_atoms_have_their_path_for_a_name_in_the_order_of_writing():
    tree = parse("{any: [{all: [{stage: a}, {not: {did: x.y}}]}, {score: fit, at_least: 1}]}")
    assert [atom.id for atom in atoms(tree)] == ["any[0].all[0]", "any[0].all[1].not", "any[1]"]
    assert kinds_named(tree) == {"x.y"}
    assert [atom.id for atom in atoms(parse("{stage: a}"))] == [""]


@given(trees)
def test_every_tree_is_valid_readable_and_comes_back_as_it_was_written(tree):
    assert validate(tree, CATALOGUE) == []
    assert in_words(tree, CATALOGUE)
    data = written(tree)
    assert written(read(json.loads(json.dumps(data)))) == data


def test_the_schema_knows_every_sort_of_condition():
    assert set(schema()["$defs"]) == {"All", "AnyOf", "Not", "FieldIs", "Did", "Score", "Stage", "Segment"}


def test_every_example_of_the_guide_can_be_read():
    examples = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(), flags=re.DOTALL)
    assert len(examples) >= 5
    for example in examples:
        for line in yaml.safe_load(example):
            assert in_words(read(line), CATALOGUE)


def test_the_guide_names_every_operator():
    guide = GUIDE.read_text()
    fields = read({"field": "x", "is": 1}).__class__.model_fields
    assert all(f"`{field.alias or name}`" in guide for name, field in fields.items())
