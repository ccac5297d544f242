"""Conditions read slowly and plainly in Python, against which the compiled ones are held."""

import json
from datetime import UTC, date, datetime, time, timedelta

from orchard.engine.conditions import All, AnyOf, Did, FieldIs, Not, Score, Stage
from orchard.engine.types import ColumnType

from .conditions import CATALOGUE, NOW

HOUR = timedelta(hours=1)


def holds(node, contact, facts, now=NOW):  # noqa: PLR0911 - one answer per sort
    """Return whether a condition holds for a contact (a row) with its facts, at `now`."""
    match node:
        case All():
            return all(holds(child, contact, facts, now) for child in node.conditions)
        case AnyOf():
            return any(holds(child, contact, facts, now) for child in node.conditions)
        case Not():
            return not holds(node.condition, contact, facts, now)
        case Did():
            count = sum(_counts(node, fact, contact, now) for fact in facts)
            return count >= node.least and (node.at_most is None or count <= node.at_most)
        case Score():
            points = contact["total"] / 1_000_000
            return (node.at_least is None or points >= node.at_least) and (
                node.at_most is None or points <= node.at_most
            )
        case Stage():
            return contact["stage"] in node.stage
    return _field_holds(node, contact, "contacts", now)


def changes_at(leaf, contact, facts, now=NOW, hours=24 * 9):
    """Return the first full hour after `now` at which a leaf is otherwise, by looking at each; None if none is."""
    before = holds(leaf, contact, facts, now)
    hour = now.replace(minute=0, second=0, microsecond=0)
    for _ in range(hours):
        hour += HOUR
        if holds(leaf, contact, facts, hour) != before:
            return hour
    return None


def _counts(did, fact, contact, now):
    if fact["contact_id"] != contact["contact_id"] or not fact["human"] or fact["kind"] not in did.did:
        return False
    if did.where is not None and not _where(did.where, fact):
        return False
    at = fact["occurred_at"]
    if did.within_days is not None:
        return at > now - timedelta(days=did.within_days)
    if did.since == "last_return":
        return contact["last_return_at"] is not None and at > contact["last_return_at"]
    return did.since is None or at >= _start(did.since)


def _where(node, fact):
    return (
        not _where(node.condition, fact) if isinstance(node, Not) else _field_holds(node, fact, "facts", NOW)
    )


def _field_holds(leaf: FieldIs, row, table, now):
    of = CATALOGUE.find(leaf.field, table)
    value = row[of.column]
    if of.json_key:
        value = _member(json.loads(value or "{}").get(of.json_key), of.type)
    if leaf.operator == "empty":
        return (value in (None, "")) == leaf.empty
    if value is None:
        return False
    if of.type in (ColumnType.DATE, ColumnType.TIMESTAMP):
        return _time_holds(leaf, _start(value), now)
    return _value_holds(leaf, value)


def _member(value, type_):
    try:
        return float(value) if type_ is ColumnType.DOUBLE else date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _value_holds(leaf, value):
    match leaf.operator:
        case "is":
            return value == leaf.is_
        case "in":
            return value in leaf.in_
        case "gt":
            return value > leaf.gt
        case "lt":
            return value < leaf.lt
        case "between":
            return leaf.between[0] <= value <= leaf.between[1]
    return _fold(leaf.contains) in _fold(value)


def _fold(text):
    return text.replace("İ", "i").lower()


def _time_holds(leaf, at, now):
    match leaf.operator:
        case "is":
            return _start(leaf.is_) <= at < _end(leaf.is_)
        case "in":
            return any(_start(day) <= at < _end(day) for day in leaf.in_)
        case "before":
            return at < _start(leaf.before)
        case "after":
            return at >= _end(leaf.after)
        case "between":
            return _start(leaf.between[0]) <= at < _end(leaf.between[1])
    return now - timedelta(days=leaf.within_days) < at <= now


def _start(at):
    return at if isinstance(at, datetime) else datetime.combine(at, time.min, UTC)


def _end(at):
    return at + timedelta(microseconds=1) if isinstance(at, datetime) else _start(at) + timedelta(days=1)
