"""The German catalogue holds every text that the code says, each with its German and all of its values."""

import re
import shutil
from contextlib import chdir

import pytest
from babel.messages.pofile import read_po
from django.core.management import call_command

from orchard.kit.languages import LANGUAGES
from orchard.web.together.form.plain import SENTENCES
from tests.arch import house, words

_VALUES = re.compile(r"%\(\w+\)[sd]|\{\w*(?::[^{}\s]+)?\}|</?\w+")


def catalogue(path=words.CATALOGUE):
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def texts(message):
    return list(message.id) if message.pluralizable else [message.id]


def translations(message):
    return list(message.string) if message.pluralizable else [message.string]


def test_every_language_but_english_has_a_catalogue():
    found = {path.name for path in (house.ROOT / "orchard" / "locale").iterdir()}
    assert found == set(LANGUAGES) - {"en"}


def test_nothing_lacks_its_german():
    assert not [message.id for message in catalogue() if not all(translations(message)) or message.fuzzy]


def test_what_the_form_of_an_agreement_says_in_its_own_words_is_said_by_the_rules_of_the_text():
    """A sentence of these rules that is worded anew would else stand in the form as it is."""
    told = {text for message in catalogue() for text in texts(message)}
    assert not set(SENTENCES) - told


def test_the_german_has_the_values_of_the_english():
    for message in catalogue():
        allowed = [sorted(_VALUES.findall(text)) for text in texts(message)]
        for place, text in enumerate(translations(message)):
            found = sorted(_VALUES.findall(text))
            if place == 0 and message.pluralizable:  # of one thing a sentence may leave out that it is one
                assert set(found) <= {value for values in allowed for value in values}, message.id
            else:
                assert found == allowed[min(place, len(allowed) - 1)], message.id


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is not installed")
def test_the_catalogue_is_what_make_words_writes(tmp_path, settings, monkeypatch):
    there = tmp_path / "orchard"
    shutil.copytree(
        house.ROOT / "orchard", there, ignore=shutil.ignore_patterns("built", "__pycache__", "*.mo")
    )
    copy = there / words.CATALOGUE.relative_to(house.ROOT / "orchard")
    monkeypatch.setattr(words, "CATALOGUE", copy)
    settings.LOCALE_PATHS = [there / "locale"]
    with chdir(tmp_path):
        call_command(
            words.Command(),
            locale=[words.LANGUAGE],
            add_location="file",
            no_obsolete=True,
            ignore_patterns=words.unread(),
            verbosity=0,
        )
    assert {(each.context, each.id) for each in catalogue(copy)} == {
        (each.context, each.id) for each in catalogue(house.ROOT / "orchard/locale/de/LC_MESSAGES/django.po")
    }


def test_no_text_stands_inside_a_formatted_one():
    """What collects the texts does not look there."""
    inside = re.compile(r"""f(["']).*?\{_?n?gettext\(|f(["']).*?\{_\(""")
    found = [
        path for path in (house.ROOT / "orchard").rglob("*.py") if inside.search(path.read_text("utf-8"))
    ]
    assert not found
