"""Decides whether a value fits its field, and says in a sentence why not."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from orchard.kit.words import Phrase

TEXT_LIMITS: Mapping[str, int] = {
    "full_name": 200,
    "first_name": 120,
    "last_name": 120,
    "title": 200,
    "seniority": 40,
    "department": 120,
    "country": 60,
    "region": 120,
    "city": 120,
    "language": 35,
    "time_zone": 60,
    "linkedin_slug": 200,
    "name": 200,
    "domain": 253,
    "industry": 120,
    "currency": 3,
}
"""How many characters each text field holds, in contacts and accounts alike."""

WHOLE_NUMBERS = frozenset({"employees", "annual_revenue"})
_LARGEST = 2**63
_ADDRESS_LIMIT = 320
_NUMBER_LIMIT = 60
_SOURCE_LIMIT = 60
_ID_LIMIT = 200
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


class Row(Protocol):
    """What is asked of a row of an import."""

    @property
    def contact(self) -> Sequence[Any]:
        """Values of the contact's columns."""

    @property
    def account(self) -> Sequence[Any]:
        """Values of the account's columns."""

    @property
    def emails(self) -> Sequence[tuple[str, str]]:
        """(as typed, normal) of each address."""

    @property
    def phones(self) -> Sequence[tuple[str, str | None, str]]:
        """(as typed, normal, label) of each number."""

    @property
    def ids(self) -> Sequence[tuple[str, str]]:
        """(source, value) of each id of the contact."""

    @property
    def account_ids(self) -> Sequence[tuple[str, str]]:
        """(source, value) of each id of the account."""


def problem(field: str, value: Any) -> str | None:
    """Return why `field` cannot hold `value`, or None where it can. None itself always fits."""
    if value is None:
        return None
    if field in WHOLE_NUMBERS:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return (
            None
            if whole and abs(value) < _LARGEST
            else Phrase("{field} must be a whole number, not “{value}”.", field=field, value=str(value))
        )
    if field == "is_competitor":
        return (
            None
            if isinstance(value, bool)
            else Phrase("{field} must be yes or no, not “{value}”.", field=field, value=str(value))
        )
    if not isinstance(value, str):
        return Phrase("{field} must be text, not {value}.", field=field, value=repr(value))
    return _text_problem(field, value, TEXT_LIMITS.get(field, _ID_LIMIT))


def _text_problem(field: str, text: str, limit: int) -> str | None:
    if "\x00" in text:
        return Phrase("{field} holds a zero character, which no text may hold.", field=field)
    if len(text) > limit:
        return Phrase(
            "{field} holds {length} characters; {limit} fit.", field=field, length=len(text), limit=limit
        )
    return None


def unfit(
    rows: Sequence[Row], contact_columns: Sequence[str], account_columns: Sequence[str]
) -> dict[int, str]:
    """Return, by place in `rows`, why a row cannot be stored."""
    found: dict[int, str] = {}
    for place, row in enumerate(rows):
        for sentence in _problems(row, contact_columns, account_columns):
            found.setdefault(place, sentence)
    return found


def _problems(row: Row, contact_columns: Sequence[str], account_columns: Sequence[str]) -> list[str]:
    checks = [
        *(problem(name, value) for name, value in zip(contact_columns, row.contact, strict=False)),
        *(problem(name, value) for name, value in zip(account_columns, row.account, strict=False)),
        *(_text_problem(Phrase("The e-mail address"), address, _ADDRESS_LIMIT) for address, _ in row.emails),
        *(_text_problem(Phrase("The phone number"), number, _NUMBER_LIMIT) for number, _, _ in row.phones),
        *(_text_problem(Phrase("The label of a phone"), label, 40) for _, _, label in row.phones),
    ]
    for source, value in (*row.ids, *row.account_ids):
        checks += [
            _text_problem(Phrase("The source of an id"), source, _SOURCE_LIMIT),
            _text_problem(Phrase("An id"), value, _ID_LIMIT),
        ]
    return [sentence for sentence in checks if sentence]


def is_field_name(name: str) -> bool:
    """Tell whether a company may give its own field this name."""
    return _FIELD_NAME.fullmatch(name) is not None


def custom_problem(name: str, sort: str, choices: Sequence[str], value: Any) -> str | None:
    """Return why the company's own field cannot hold `value`, or None. Numbers may be int, float or Decimal."""
    if value is None:
        return None
    if sort == "boolean":
        fits = isinstance(value, bool)
    elif sort == "number":
        fits = isinstance(value, int | float | Decimal) and not isinstance(value, bool) and _is_finite(value)
    elif sort == "date":
        fits = isinstance(value, str) and _is_date(value)
    elif sort == "choice":
        if value in choices:
            return None
        return Phrase(
            "{name} must be one of {choices}; “{value}” is not.",
            name=name,
            choices=[*choices],
            value=str(value),
        )
    else:
        fits = isinstance(value, str) and "\x00" not in value
    return (
        None
        if fits
        else Phrase("{name} must be a {sort}, not “{value}”.", name=name, sort=Phrase(sort), value=str(value))
    )


def _is_finite(value: float | Decimal) -> bool:
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
