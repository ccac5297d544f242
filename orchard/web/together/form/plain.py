"""Say a mistake in the words of the form, which knows no YAML, and of which of its fields it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from orchard.agreement.types import Mistake
from orchard.kit.words import Phrase, marked
from orchard.web.together.form.goals import AMOUNT, parted
from orchard.web.ui.conditions.doubt import core_of, two_readings


@dataclass(frozen=True, slots=True)
class _Plain:
    """What the form says instead, empty where the sentence may stay, and the field below the path that it is about."""

    sentence: str = ""
    word: str = ""


_NEVER_HOLDS = marked("“at least” is greater than “at most”, so it never holds.")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_A_DAY = _Plain(marked("Write a day such as 2027-03-01."))
_NO_TARGET = "write the target as a number, with a currency for money: 1200000 CAD"
_NO_CURRENCY = "an amount needs a currency, as in 1200000 CAD; a count has none"

SENTENCES: Mapping[str, _Plain] = {
    # Of every field.
    "`{word}` is missing.": _Plain(marked("Must be filled in.")),
    "is empty": _Plain(marked("Must be filled in.")),
    "must be greater than or equal to {ge}": _Plain(marked("Must be {ge} or more.")),
    "must be less than or equal to {le}": _Plain(marked("Must be {le} or less.")),
    # Of a condition.
    "a condition names exactly one of: all, any, not, field, did, score, stage, segment": _Plain(
        marked("This part asks for nothing that can be read; change it in the text.")
    ),
    "Say when a contact is handed over: by all, any, not, field, did, score or stage.": _Plain(
        marked("Say when a contact becomes a lead: add a condition.")
    ),
    "`at_least: 0` always holds; write 1 or more, or `at_most`": _Plain(
        marked("0 or more always holds: write 1 or more, or fill in “at most”."), "at_least"
    ),
    "`at_least` is greater than `at_most`, so it never holds": _Plain(_NEVER_HOLDS, "at_least"),
    "a score needs `at_least` or `at_most`": _Plain(marked("Fill in “at least” or “at most”."), "at_least"),
    "`{operator}` needs a value; for a missing field write `empty: true`": _Plain(
        marked("Must be filled in.")
    ),
    "takes last_return, offer, or a day such as 2027-03-01": _A_DAY,
    "is a number, not {value}": _Plain(marked("Must be a number.")),
    "is a whole number, not {value}": _Plain(marked("Must be a whole number.")),
    "is a time; write a day such as 2027-03-01, not {value}": _A_DAY,
    "is a time; write a day such as 2027-03-01, not {text}": _A_DAY,
    "is a day; write it without a time, as in 2027-03-01": _A_DAY,
    "cannot be as large as {value}": _Plain(marked("Such a large number cannot be kept.")),
    "Who is `qualified` is what this agreement decides; ask for the stages before or after it.": _Plain(
        marked(
            "Who reaches this stage is what this agreement decides; ask for the stages before or after it."
        )
    ),
    "`never` is the same as the hand-off itself, so that nobody is ever handed over.": _Plain(
        marked("“Never” is the same as the hand-off itself, so that nobody is ever handed over.")
    ),
    # Of the rules, the promises, the returns, the routing and the goals.
    "Another rule is called “{name}” (line {line}); each needs its own name.": _Plain(
        marked("Another rule is called “{name}”; each needs its own name.")
    ),
    "points of an interaction must be more than 0; take points off by a rule of fit": _Plain(word="points"),
    "the cap is smaller than the points, so that one interaction would never count in full": _Plain(
        marked(
            "“Together at most” is smaller than the points, so that one interaction would never count in full."
        ),
        "cap",
    ),
    "is a share from 0 to 1; write four in five as 0.8": _Plain(marked("Must lie between 0 and 100 %.")),
    'write the hours as "09:00-17:30", in quotes': _Plain(
        marked("Write both times as in 09:00 and 17:30."), "hours"
    ),
    "the working day ends before it begins": _Plain(word="hours"),
    "say when the contact may come again: `eligible_after_days`, or `disqualifies: true`": _Plain(
        marked("Say after how many days the contact may come again."), "eligible_after_days"
    ),
    "`{needs}` is not among the promises of Sales; add it there.": _Plain(
        marked("Sales promises no number of attempts; fill in “Not give up before” above.")
    ),
    "`{named}` stands in this list twice.": _Plain(marked("“{named}” stands in this list twice.")),
    _NO_TARGET: _Plain(marked("Write a number."), "target"),
    _NO_CURRENCY: _Plain(marked("Choose the currency."), "currency"),
}

_A_CODE = marked("Takes small letters from a to z, digits and _, and begins with a letter.")
_OF_A_FORM: Mapping[str, str] = {
    "quarter": marked("Choose a quarter."),
    "reason": _A_CODE,
    "team": marked("Choose a team."),
    "member": marked("Choose a member."),
}


def plain(mistake: Mistake, values: Mapping[str, Any]) -> Mistake:
    """Return the mistake as the form says it that holds `values`."""
    core = core_of(mistake.sentence)
    if core.template in (_NO_TARGET, _NO_CURRENCY):
        return _of_the_target(mistake, values, core)
    typed = _typed_at(values, mistake.path)
    if "number" in core.template and isinstance(typed, str) and (either := two_readings(typed)):
        return replace(mistake, sentence=either)
    word = mistake.path.rpartition(".")[2]
    if core.template == "does not have the form {pattern}" and word in _OF_A_FORM:
        return replace(mistake, sentence=Phrase(_OF_A_FORM[word]))
    if core.template == "There is no {word} `{name}`.{nearest}" and core.values["name"] == "":
        return replace(mistake, sentence=Phrase(marked("Must be filled in.")))
    found = SENTENCES.get(core.template)
    if found is None:
        return mistake
    return replace(
        mistake,
        path=f"{mistake.path}.{found.word}" if found.word else mistake.path,
        sentence=Phrase(found.sentence, **core.values) if found.sentence else mistake.sentence,
    )


def _typed_at(values: Mapping[str, Any], path: str) -> Any:
    """Return what the form holds at a path such as `goals[0].target`; None where nothing is there."""
    found: Any = values
    for key, place in _STEP.findall(path):
        if key:
            found = found.get(key) if isinstance(found, Mapping) else None
        else:
            found = found[int(place)] if isinstance(found, list) and int(place) < len(found) else None
    return found


def _of_the_target(mistake: Mistake, values: Mapping[str, Any], core: Phrase) -> Mistake:
    """Say what is wrong with a target: the number, or that no currency is chosen beside it."""
    path = mistake.path.removesuffix(".target")
    goal = _typed_at(values, path) or {}
    is_amount = goal.get("measure") == AMOUNT
    number, currency = parted(goal.get("target"), is_amount=is_amount)
    if core.template == _NO_CURRENCY and is_amount and not currency:
        found = SENTENCES[_NO_CURRENCY]
    else:
        found = SENTENCES[_NO_TARGET]
    sentence = two_readings(number) or Phrase(found.sentence if number else marked("Must be filled in."))
    return replace(mistake, path=f"{path}.{found.word}", sentence=sentence)
