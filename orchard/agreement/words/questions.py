"""The question that would close a gap: one plain sentence that a salesperson can ask, for a condition that lacks."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from orchard.engine.conditions import Did, FieldIs, Score, atoms, in_words, value_in_words
from orchard.engine.conditions.atoms import Leaf
from orchard.engine.types import Catalogue, ColumnType
from orchard.engine.types import Field as CatalogueField
from orchard.kit.languages import figure
from orchard.kit.words import voiced
from orchard.scoring.types import MICRO, Rules

Known = Mapping[str, Any]
"""What is known of a contact by the names of fields; a name that is absent or None is not known."""

_COMPANY = "account."


class Gap(NamedTuple):
    """What a score lacks, in millionths of a point, and what each line gives by now, in the order of the rules."""

    lacks: int
    lines: Sequence[int]


class _Way(NamedTuple):
    """One answer that would add to a score: how much, and the question that brings it."""

    points: int
    question: str
    is_known: bool


def question(
    leaf: Leaf,
    names: Catalogue,
    known: Known,
    *,
    negated: bool = False,
    rules: Rules | None = None,
    gap: Gap | None = None,
) -> str:
    """Return the question whose answer could make a condition be as it should; empty where no question can.

    `negated` says that the condition holds and should not. A score needs the `rules` it is made by, and the `gap`.
    """
    if negated:
        return _still_so(leaf, names) if isinstance(leaf, FieldIs) else ""
    if isinstance(leaf, FieldIs):
        return _of_field(leaf, names, known)
    if isinstance(leaf, Did):
        return _of_deed(leaf.did) if leaf.at_most is None else ""
    if isinstance(leaf, Score) and rules is not None and gap is not None and gap.lacks > 0:
        return _of_score(leaf, names, known, rules, gap)
    return ""


def _still_so(leaf: Leaf, names: Catalogue) -> str:
    return _("Is it still so: %(condition)s?") % {"condition": in_words(leaf, names)}


def _of_field(leaf: FieldIs, names: Catalogue, known: Known) -> str:
    field = names.find(leaf.field)
    if field is None:
        return ""
    if leaf.operator == "empty" and leaf.operand:
        return _still_so(FieldIs.model_validate({"field": leaf.field, "empty": False}), names)
    if known.get(leaf.field) is None:
        return _open(field, known)
    return _("%(field)s is %(value)s here. Is that still so? It counts when %(condition)s.") % {
        "field": _begun(voiced(field.label)),
        "value": value_in_words(known[leaf.field], field),
        "condition": in_words(leaf, names),
    }


def _open(field: CatalogueField, known: Known) -> str:
    """Return the question for a field of which nothing is known."""
    if field.name.startswith(_COMPANY) and known.get("account_id") is None:
        return _("Which company do you work for?")
    return _questions().get(field.name) or _by_type(field)


def _by_type(field: CatalogueField) -> str:
    """Return the question for a field of the company's own: its label, and what is asked of it."""
    said = {"field": _begun(voiced(field.label))}
    if field.choices:
        *most, last = [voiced(label) for _value, label in field.choices]
        said["choices"] = (
            _("%(list)s or %(last)s") % {"list": ", ".join(most), "last": last} if most else last
        )
        return _("%(field)s: %(choices)s?") % said
    return {
        ColumnType.BOOLEAN: _("%(field)s: yes or no?"),
        ColumnType.BIGINT: _("%(field)s: how many?"),
        ColumnType.DOUBLE: _("%(field)s: how many?"),
        ColumnType.DATE: _("%(field)s: when?"),
        ColumnType.TIMESTAMP: _("%(field)s: when?"),
    }.get(field.type, _("%(field)s: what is it?")) % said


def _questions() -> Mapping[str, str]:
    """Return the questions for fields that every company has."""
    return {
        "contact.title": _("What do you do at your company?"),
        "contact.seniority": _("What do you decide about at your company?"),
        "contact.department": _("Which department are you in?"),
        "contact.country": _("Which country are you in?"),
        "contact.city": _("Where are you?"),
        "contact.language": _("Which language do you prefer?"),
        "contact.time_zone": _("When do you work, by our clock?"),
        "contact.is_competitor": _("Do you sell what we sell?"),
        "account.domain": _("What is the address of your website?"),
        "account.industry": _("What does your company make?"),
        "account.country": _("Which country is your company in?"),
        "account.region": _("Which region is your company in?"),
        "account.city": _("Where is your company?"),
        "account.employees": _("How many people work at your company?"),
        "account.annual_revenue": _("How large is your turnover in a year?"),
        "account.currency": _("In which currency do you buy?"),
    }


def _of_deed(kinds: Sequence[str]) -> str:
    """Return what to ask or offer so that one of these happens; the first kind that one can ask for."""
    offers = {
        "quote.requested": _("Shall we make you a quote?"),
        "sample.requested": _("Shall we send you a sample?"),
        "question.asked": _("What would you like to know from us?"),
        "show.visited": _("Will you come and see us at our booth?"),
        "meeting.held": _("When can we meet?"),
        "call.connected": _("When can we talk on the phone?"),
        "webinar.attended": _("Would you like to join our next webinar?"),
        "webinar.registered": _("Would you like to join our next webinar?"),
        "event.attended": _("Will you come to our next event?"),
        "event.registered": _("Will you come to our next event?"),
        "content.downloaded": _("Shall I send you something to read about it?"),
        "form.submitted": _("Would you tell us on our page what you need?"),
        "email.replied": _("Would you answer my mail in a line or two?"),
        "email.clicked": _("Would you look at the link in my mail?"),
        "page.viewed": _("Would you have a look at our page?"),
        "social.replied": _("Would you answer me on the network?"),
        "campaign.responded": _("Did our last message reach you?"),
        "consent.granted": _("May we write to you?"),
    }
    return next((offers[kind] for kind in kinds if kind in offers), "")


def _of_score(leaf: Score, names: Catalogue, known: Known, rules: Rules, gap: Gap) -> str:
    """Return the question that adds most: such as closes the gap alone, of what is not known before what is."""
    if leaf.score == "account":
        return _("Who else at your company should know about this?")
    ways = []
    if leaf.score in ("total", "fit"):
        ways += _fit_ways(names, known, rules, gap.lines)
    if leaf.score in ("total", "engagement"):
        ways += _deed_ways(rules, gap.lines[len(rules.fit) :])
    best = min(ways, key=lambda way: (way.points < gap.lacks, way.is_known, -way.points), default=None)
    if best is None:
        return ""
    return _("%(question)s It can give %(points)s points.") % {
        "question": best.question,
        "points": figure(best.points / MICRO),
    }


def _fit_ways(names: Catalogue, known: Known, rules: Rules, lines: Sequence[int]) -> list[_Way]:
    ways = []
    for rule, given in zip(rules.fit, lines, strict=False):
        leaves = [atom.leaf for atom in atoms(rule.when) if isinstance(atom.leaf, FieldIs)]
        lacking = [leaf for leaf in leaves if known.get(leaf.field) is None]
        said = _of_field((lacking or leaves)[0], names, known) if leaves and not given else ""
        if said and rule.points > 0:
            ways.append(_Way(rule.points, said, not lacking))
    return ways


def _deed_ways(rules: Rules, lines: Sequence[int]) -> list[_Way]:
    ways = []
    for rule, given in zip(rules.engagement, lines, strict=True):
        points = rule.points if rule.cap is None else min(rule.points, rule.cap - given)
        said = _of_deed(rule.kinds)
        if said and points > 0:
            ways.append(_Way(points, said, is_known=False))
    return ways


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]
