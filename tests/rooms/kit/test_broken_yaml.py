"""What keeps a text from being YAML is said in our words, at the place where it is to be mended."""

import pytest
import yaml

from orchard.kit.broken_yaml import broken


def why(text):
    with pytest.raises(yaml.YAMLError) as caught:
        list(yaml.parse(text, Loader=yaml.SafeLoader))
    return broken(caught.value, text)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("name: Leads: 2027", 1, 12, "A colon stands here where none may"),
        ("name: a\n  score: b", 2, 8, "A colon stands here where none may"),
        ("name: a\nscore\nrot: {}", 2, 1, "This line has no colon"),
        ("name: a\n\tscore: b", 2, 1, "A tab stands here; indent with spaces."),
        ("name: @home", 1, 7, "A value cannot begin with this character"),
        ("score:\n    fit: 1\n  cap: 2", 3, 3, "begins in another column"),
        ("rows:\n  - a\n b: 1", 3, 2, "begins in another column"),
        ("name: a\nkinds: [one two: three\nrot: 1", 2, 8, "The list that [ opens here"),
        ("rot: {contact_days: 120 lead_days: 3", 1, 6, "The part that { opens here"),
        ("rot: {contact_days: 120\nname: {}", 1, 6, "The part that { opens here"),
        ('name: a\nlabel: "Not now\nrot: 1', 2, 8, "The quotation mark here is never closed."),
        ('name: "C:\\days"', 1, 11, "a backslash changes what follows"),
        ("kinds: - one", 1, 8, "A list cannot begin in the middle of a line"),
        ("kinds: [one, , two]", 1, 14, "A value is missing here"),
        ("name: |now\n  a", 1, 8, "What follows | or > begins on the next line"),
        ("{}\n]", 2, 1, "What stands here belongs to nothing above it."),
        ("name: *", 1, 8, "References (& and *) are not allowed"),
        ("name: !x!y z", 1, 7, "Tags (!) are not allowed"),
        ("% a", 1, 2, "A line cannot begin with %."),
        ("name: a\x00", 1, 8, "a character that YAML does not allow"),
    ],
)
def test_what_is_wrong_is_said_in_our_words_at_its_place(text, line, column, words):
    found = why(text)
    assert words in found.sentence
    assert (found.line, found.column) == (line, column)


def test_what_nobody_foresaw_says_where_to_look():
    unforeseen = yaml.scanner.ScannerError(None, None, "something new", yaml.Mark("", 0, 3, 4, None, None))
    assert broken(unforeseen, "") == (
        4,
        5,
        "This line cannot be read. Look at its indentation, its colons and its quotation marks.",
    )
