"""A program in plain words: who enters, each step as a sentence in order, the goal, and what ends it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _

from orchard.agreement import queries as agreement
from orchard.engine.conditions import in_words
from orchard.engine.types import Catalogue
from orchard.kit.languages import quoted
from orchard.leads.types import ROTTED
from orchard.nurture.document import Document
from orchard.nurture.document.model import inner_of
from orchard.nurture.steps import STEPS, Step, Words
from orchard.nurture.types import Out
from orchard.segments import queries as segments
from orchard.team import queries as team


@dataclass(frozen=True, slots=True)
class Line:
    """One step as a sentence, or the word above the steps inside another (`place` is empty then)."""

    place: str
    depth: int
    words: str | Promise
    icon: str = ""
    name: str = ""


def words_of() -> Words:
    """Return the names that sentences about programs are made with; looked up where a sentence needs them."""
    members = SimpleLazyObject(lambda: {each.email: each.name for each in team.active()})
    return Words(cast("Catalogue", SimpleLazyObject(segments.known)), cast("Mapping[str, str]", members))


def lines_of(document: Document, words: Words) -> list[Line]:
    """Return the steps of a program as sentences, in order."""
    return list(_lines(document.steps, "", 0, words))


def _lines(steps: Sequence[Step], before: str, depth: int, words: Words) -> Iterator[Line]:
    for number, step in enumerate(steps):
        sort, place = STEPS[step.type], f"{before}{number}"
        yield Line(place, depth, sort.says(step, words), sort.icon, step.name or "")
        labels = dict(sort.inner)
        for name, inner in inner_of(step):
            if inner:
                yield Line("", depth + 1, labels[name])
                yield from _lines(inner, f"{place}.{name}.", depth + 1, words)


def audience_words(document: Document, words: Words) -> str:
    """Say who enters."""
    audience = document.audience
    if audience.returned:
        labels = reason_labels()
        reasons = ", ".join(quoted(labels.get(each, each)) for each in audience.returned)
        return _("Whoever Sales returned as %(reasons)s") % {"reasons": reasons}
    if audience.when is None:
        return ""
    condition = in_words(audience.when, words.catalogue)
    if audience.again_after_days:
        return _("Whoever fits this: %(condition)s; again after %(days)s days") % {
            "condition": condition,
            "days": audience.again_after_days,
        }
    return _("Whoever fits this: %(condition)s; each contact once") % {"condition": condition}


def goal_words(document: Document, words: Words) -> str:
    """Say what the program is to bring about; empty where it says nothing."""
    if document.goal is None:
        return ""
    if document.goal.when is None:
        return _("Sales gets the contact as a lead again")
    return _("This holds: %(condition)s") % {"condition": in_words(document.goal.when, words.catalogue)}


def ends_words(document: Document) -> str:
    """Say what else ends it."""
    if document.ends.customer and document.ends.disqualified:
        return _("It also ends when the contact becomes a customer or is disqualified.")
    if document.ends.customer:
        return _("It also ends when the contact becomes a customer.")
    if document.ends.disqualified:
        return _("It also ends when the contact is disqualified.")
    return ""


def reason_labels() -> dict[str, str]:
    """Return the reasons of a return that a program may answer: those in force that end nothing, and rot."""
    force = agreement.in_force_terms()
    reasons = force.document.returns if force else ()
    found = {each.reason: each.label for each in reasons if not each.disqualifies}
    return {**found, ROTTED: _("Nobody was in touch")}


def outcome_words(outcome: str) -> str:
    """Say how an enrolment ended; a program's own word stays as it is."""
    known: Mapping[str, str] = {
        Out.FINISHED: _("came to the end"),
        Out.REACHED: _("reached the goal"),
        Out.CUSTOMER: _("became a customer"),
        Out.DISQUALIFIED: _("was disqualified"),
        Out.ERASED: _("was erased"),
        Out.GONE: _("went with an import that was undone"),
        Out.MERGED: _("went on as another record of the same contact"),
        Out.TAKEN_OUT: _("was taken out"),
        Out.TAKEN_BACK: _("what had let them in was taken back"),
    }
    return known.get(outcome, outcome)
