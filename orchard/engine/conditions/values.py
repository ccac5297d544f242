"""Fit the values of a document to the type of the field that they are compared with."""

from datetime import UTC, date, datetime

from orchard.engine.types import ColumnType
from orchard.kit.words import Phrase, marked

Value = bool | int | float | str | date | datetime


class UnfitError(ValueError):
    """A value that the type of its field cannot hold; the text ends a sentence that names the field."""


BIGGEST = 2**63 - 1

OPERATORS_OF = {
    ColumnType.TEXT: ("is", "in", "contains", "empty"),
    ColumnType.BIGINT: ("is", "in", "gt", "lt", "between", "empty"),
    ColumnType.DOUBLE: ("is", "in", "gt", "lt", "between", "empty"),
    ColumnType.BOOLEAN: ("is", "empty"),
    ColumnType.DATE: ("is", "in", "before", "after", "between", "within_days", "empty"),
    ColumnType.TIMESTAMP: ("before", "after", "between", "within_days", "empty"),
}
"""Which operators make sense for a field of each type."""


def fitted(value: Value, to: ColumnType) -> Value:
    """Return `value` as the type `to` holds it; days and instants may be ISO text, instants leave in UTC.

    Raises `UnfitError` with the end of a sentence that begins with the name of the field.
    """
    if to is ColumnType.TEXT:
        return _text(value)
    if to in (ColumnType.BIGINT, ColumnType.DOUBLE):
        return _number(value, to)
    if to is ColumnType.BOOLEAN:
        if not isinstance(value, bool):
            raise UnfitError(Phrase("is true or false, not {value}", value=repr(value)))
        return value
    return _time(value, to)


def _text(value: Value) -> str:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise UnfitError(marked("cannot hold such a character"))
        return value
    if isinstance(value, bool):
        raise UnfitError(
            marked("is text; words that YAML reads as true or false (NO, yes, on) stand in quotes")
        )
    raise UnfitError(Phrase('is text; put the value in quotes: "{value}"', value=str(value)))


def _number(value: Value, to: ColumnType) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnfitError(Phrase("is a number, not {value}", value=repr(value)))
    if to is ColumnType.DOUBLE:
        return float(value)
    if value != int(value):
        raise UnfitError(Phrase("is a whole number, not {value}", value=repr(value)))
    if abs(value) > BIGGEST:
        raise UnfitError(Phrase("cannot be as large as {value}", value=repr(value)))
    return int(value)


def _time(value: Value, to: ColumnType) -> date | datetime:
    if isinstance(value, str):
        value = _from_text(value)
    if isinstance(value, bool) or not isinstance(value, date):
        raise UnfitError(Phrase("is a time; write a day such as 2027-03-01, not {value}", value=repr(value)))
    if not isinstance(value, datetime):
        return value
    if to is ColumnType.DATE:
        raise UnfitError(marked("is a day; write it without a time, as in 2027-03-01"))
    if value.tzinfo is None:
        raise UnfitError(marked("needs the offset from UTC, as in 2027-03-01T09:00:00Z"))
    return value.astimezone(UTC)


def _from_text(text: str) -> date | datetime:
    for reader in (date.fromisoformat, datetime.fromisoformat):
        try:
            return reader(text)
        except ValueError:
            continue
    raise UnfitError(Phrase("is a time; write a day such as 2027-03-01, not {text}", text=repr(text)))
