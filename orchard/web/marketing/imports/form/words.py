"""Says what is wrong with a map in the words of its form: there somebody chooses, and writes no keys."""

import re

from django.utils.translation import gettext as _

from orchard.connect.csv import hints
from orchard.connect.csv.hints import Hint
from orchard.connect.csv.types import Problem
from orchard.interactions.types import KINDS
from orchard.kit.words import said, voiced

_KIND = "KIND"


def in_words_of_form(problem: Problem) -> str:
    """Return a problem of a map as the form tells it; what the form cannot say is to be changed in the text."""
    told = reason_in_words_of_form(problem.sentence)
    if problem.of_grammar and told == said(problem.sentence):
        return _(
            "A part of the map that stands only in its text is not right; choose “As text” to change it: %(why)s"
        ) % {"why": told}
    return told


def reason_in_words_of_form(sentence: str) -> str:
    """Return why a row is refused, or a map, with the controls of the form in place of the keys of the text."""
    told = said(sentence)
    for no_date in {hints.no_date(_KIND), said(hints.no_date(_KIND))}:
        told = re.sub(re.escape(no_date).replace(_KIND, r"([\w.]+)"), lambda found: _dateless(found[1]), told)
    for hint, words in _words().items():
        for each in {str(hint), said(hint)}:
            told = told.replace(each, words).replace(each[:1].upper() + each[1:], words)
    return told


def _dateless(kind: str) -> str:
    label = voiced(KINDS[kind].label) if kind in KINDS else kind
    return _(
        "no date for “%(fact)s”; to read no such fact from these rows, choose a column at “Only where this says "
        "something”"
    ) % {"fact": label}


def _words() -> dict[Hint, str]:
    return {
        Hint.DATES: _("Dates: choose day first or month first, under “How the file is written”."),
        Hint.NUMBERS: _("Numbers: choose how they are written, under “How the file is written”."),
        Hint.DAY_OR_MONTH: _("choose at “Dates” which comes first"),
        Hint.MARKS: _("choose at “Numbers” how they are written"),
        Hint.LEFT_OUT: _("A condition in the text of the map leaves this row out."),
        Hint.NOBODY: _("Choose at “Becomes” what at least one column is, such as e-mail or name"),
        Hint.ZONE: _("Time zone of its times: there is no time zone"),
        Hint.CAMPAIGN: _("Choose at “Becomes” which column is the code or the name of the campaign"),
        Hint.CURRENCY: _("needs a currency: write a code such as EUR beside the column"),
    }
