"""Sentences are written once, in English, and said in the language of who reads them."""

import copy
import json
import pickle
from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.functional import lazystr

from orchard.kit.errors import Conflict, Outdated, Refused
from orchard.kit.words import Phrase, kept, marked, recalled, said, together

GERMAN = {
    "At most {at_most} characters fit.": "Höchstens {at_most} Zeichen passen.",
    "{count} of {places} are {state}: {why}": "{why} ({state}: {count} von {places})",
    "Choose a day.": "Wählen Sie einen Tag.",
    "open": "offen",
}


@pytest.fixture
def german(monkeypatch):
    """Let German be active, with a small catalogue."""
    monkeypatch.setattr("django.utils.translation.gettext", lambda text: GERMAN.get(text, text))
    with translation.override("de"):
        yield


def test_a_refusal_is_english_for_programs_and_said_to_the_reader_in_his_language(german):
    error = Refused("At most {at_most} characters fit.", at_most=20_000)
    assert (str(error), error.sentence) == (
        "At most 20,000 characters fit.",
        "Höchstens 20.000 Zeichen passen.",
    )
    assert str(Conflict("Choose a day.")) == "Choose a day."
    assert Conflict("Choose a day.").sentence == "Wählen Sie einen Tag."
    assert Refused().sentence == ""


def test_values_that_are_sentences_are_said_too(german):
    why = Refused("At most {at_most} characters fit.", at_most=3)
    error = Refused(
        "{count} of {places} are {state}: {why}", count=2, places=["a", Phrase("open")], state="open", why=why
    )
    assert str(error) == "2 of a, open are open: At most 3 characters fit."
    assert error.sentence == "Höchstens 3 Zeichen passen. (open: 2 von a, offen)"


def test_what_came_from_outside_is_not_filled_in(german):
    assert Refused("{} is {what}").sentence == "{} is {what}"
    assert Refused("At most {at_most} characters fit.", at_most="{at_most}").sentence == (
        "Höchstens {at_most} Zeichen passen."
    )
    assert Refused(lazystr("translated {before}")).sentence == "translated {before}"


def test_an_outdated_record_says_since_when():
    now = datetime(2027, 5, 3, 8, tzinfo=UTC)
    error = Outdated("Somebody changed this {what}.", now, what=Phrase("step"))
    assert (str(error), error.stands) == ("Somebody changed this step.", now)


def test_a_phrase_is_its_english_text_and_keeps_what_it_was_made_of(german):
    phrase = Phrase("At most {at_most} characters fit.", at_most=7)
    for each in (phrase, Phrase(phrase), copy.deepcopy(phrase), pickle.loads(pickle.dumps(phrase))):
        assert (each, said(each)) == (
            "At most 7 characters fit.",
            "Höchstens 7 Zeichen passen.",
        )


def test_several_sentences_are_one(german):
    both = together([Phrase("At most {at_most} characters fit.", at_most=7), marked("Choose a day.")])
    assert both == "At most 7 characters fit. Choose a day."
    assert said(both) == "Höchstens 7 Zeichen passen. Wählen Sie einen Tag."


def test_a_marked_text_is_said_with_its_values(german):
    assert said(marked("At most {at_most} characters fit."), at_most=7) == "Höchstens 7 Zeichen passen."
    assert said("") == ""


def test_what_is_kept_of_a_phrase_says_it_later_in_the_language_of_who_reads_it(german):
    why = Refused("At most {at_most} characters fit.", at_most=3_000)
    phrase = Phrase(
        "{count} of {places} are {state}: {why}",
        count=2,
        places=["a", Phrase("open")],
        state=Phrase("open"),
        why=why,
    )
    later = recalled(json.loads(json.dumps(kept(phrase))))
    assert later == phrase == "2 of a, open are open: At most 3,000 characters fit."
    assert said(later) == "Höchstens 3.000 Zeichen passen. (offen: 2 von a, offen)"


def test_what_somebody_wrote_is_kept_as_it_stands_and_a_finished_sentence_too(german):
    wrote = recalled(kept(Phrase("At most {at_most} characters fit.", at_most="open {why}")))
    assert said(wrote) == "Höchstens open {why} Zeichen passen."
    assert said(recalled("At most 7 characters {fit}.")) == "At most 7 characters {fit}."
    assert said(recalled(kept(marked("Choose a day.")))) == "Wählen Sie einen Tag."
    assert (kept(""), said(recalled(""))) == ("", "")
