"""Say a condition in plain words, as the contract, the builder and the verdict show it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orchard.engine.conditions.tree import (
    All,
    AnyOf,
    Condition,
    Did,
    FieldIs,
    Node,
    Not,
    Score,
    Segment,
    Stage,
)
from orchard.engine.types import CONTACTS, FACTS, Catalogue
from orchard.engine.types import Field as CatalogueField
from orchard.kit.codes import spelled_out
from orchard.kit.languages import dated, figure
from orchard.kit.words import voiced


def in_words(condition: Condition, catalogue: Catalogue) -> str:
    """Return the words for a condition: "has asked for a quote within the last 7 days".

    Names the catalogue does not know are spelled out, so that an old version can still be read.
    """
    return _say(condition, catalogue, CONTACTS)


def _say(node: Node, catalogue: Catalogue, table: str) -> str:  # noqa: PLR0911 - one answer per sort
    match node:
        case All():
            return _joined(node, catalogue, table, _(" and "))
        case AnyOf():
            return _joined(node, catalogue, table, _(" or "))
        case Not():
            return _("not (%(condition)s)") % {"condition": _say(node.condition, catalogue, table)}
        case FieldIs():
            return _say_field(node, catalogue, table)
        case Did():
            return _say_did(node, catalogue)
        case Score():
            return _say_score(node)
        case Stage():
            return _("stage is %(stages)s") % {
                "stages": either(catalogue.stage(stage) for stage in node.stage)
            }
        case Segment():
            return _("is in the segment %(segment)s") % {
                "segment": (catalogue.segments or {}).get(node.segment) or spelled_out(node.segment)
            }
    raise TypeError(f"{type(node).__name__} is no condition.")


def _joined(node: All | AnyOf, catalogue: Catalogue, table: str, word: str) -> str:
    parts = []
    for child in node.conditions:
        words = _say(child, catalogue, table)
        mixed = isinstance(child, All | AnyOf) and type(child) is not type(node) and len(child.conditions) > 1
        parts.append(f"({words})" if mixed else words)
    return word.join(parts)


def either(words: Iterable[object]) -> str:
    """Join alternatives: "packaging, printing or retail"."""
    *most, last = map(voiced, words)
    return _("%(list)s or %(last)s") % {"list": ", ".join(most), "last": last} if most else last


def value_in_words(value: Any, field: CatalogueField | None) -> str:
    """Return a value as people write it: a choice by its label, a code by what it is called, a time in UTC."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{dated(value.astimezone(UTC), 'j F Y, H:i')} UTC"
    if isinstance(value, date):
        return dated(value, "j F Y")
    if isinstance(value, int | float | Decimal):
        return figure(value)
    if not isinstance(value, str):
        return voiced(value)
    return field.says(value) if field else spelled_out(value)


def _say_field(node: FieldIs, catalogue: Catalogue, table: str) -> str:
    field, label = catalogue.find(node.field, table), catalogue.label(node.field, table)
    operator, operand = node.operator, node.operand
    if operator == "empty":
        return (_("%(field)s is empty") if operand else _("%(field)s is known")) % {"field": label}
    if operator == "within_days":
        return ngettext(
            "%(field)s lies within the last day", "%(field)s lies within the last %(days)s days", operand
        ) % {"field": label, "days": operand}
    sentence = {
        "is": _("%(field)s is %(value)s"),
        "in": _("%(field)s is %(value)s"),
        "gt": _("%(field)s is more than %(value)s"),
        "lt": _("%(field)s is less than %(value)s"),
        "between": _("%(field)s is from %(value)s to %(high)s"),
        "contains": _("%(field)s contains “%(value)s”"),
        "before": _("%(field)s is before %(value)s"),
        "after": _("%(field)s is after %(value)s"),
    }[operator]
    if operator == "in":
        return sentence % {
            "field": label,
            "value": either(value_in_words(value, field) for value in operand),
        }
    low, high = operand if operator == "between" else (operand, None)
    return sentence % {
        "field": label,
        "value": str(low) if operator == "contains" else value_in_words(low, field),
        "high": value_in_words(high, field),
    }


def _say_did(node: Did, catalogue: Catalogue) -> str:
    deeds = either(catalogue.deed(kind) for kind in node.did)
    never = node.at_most == 0
    words = [_("has not %(deeds)s") if never else _("has %(deeds)s")]
    if not never and (node.at_least, node.at_most) != (None, None):
        words.append(_say_times(node))
    if node.within_days is not None:
        words.append(
            ngettext("within the last day", "within the last %(days)s days", node.within_days)
            % {"days": node.within_days}
        )
    elif node.since is not None:
        words.append(_say_since(node.since))
    if node.where is not None:
        words.append(_("(where %(condition)s)") % {"condition": _say(node.where, catalogue, FACTS)})
    return " ".join(words).replace("%(deeds)s", deeds)


def _say_times(node: Did) -> str:
    if node.at_most is None:
        return ngettext("at least once", "at least %(times)s times", node.least) % {"times": node.least}
    if node.least == 0:
        return ngettext("at most once", "at most %(times)s times", node.at_most) % {"times": node.at_most}
    return _("from %(least)s to %(most)s times") % {"least": node.least, "most": node.at_most}


def _say_since(since: str | date) -> str:
    if isinstance(since, str):
        return {
            "last_return": _("since Sales last returned the contact"),
            "offer": _("since the last offer to Sales"),
        }[since]
    return _("since %(day)s") % {"day": value_in_words(since, None)}


def _say_score(node: Score) -> str:
    score = {
        "total": _("the score"),
        "fit": _("the fit score"),
        "engagement": _("the engagement score"),
        "account": _("the account's score"),
    }[node.score]
    bounds = []
    if node.at_least is not None:
        bounds.append(_("at least %(points)s") % {"points": node.at_least})
    if node.at_most is not None:
        bounds.append(_("at most %(points)s") % {"points": node.at_most})
    return _("%(score)s is %(bounds)s") % {"score": score, "bounds": _(" and ").join(bounds)}
