"""Reads the facts and consents that a row tells of."""

from collections.abc import Callable

from orchard.connect.csv import fields
from orchard.connect.csv.binding import Columns, Getter
from orchard.connect.csv.fields import Dialect
from orchard.connect.csv.hints import no_date
from orchard.connect.csv.mapping.grammar import Interaction, MapConsent, Source
from orchard.connect.csv.types import Cell, RowConsent, RowFact, Unreadable
from orchard.connect.csv.values.text import plain
from orchard.kit.words import Phrase


class FactRule:
    """Reads one kind of fact from a row."""

    def __init__(self, rule: Interaction, columns: Columns, dialect: Dialect) -> None:
        self._kind, self._once, self._nulls = rule.kind, rule.once, columns.nulls
        self._says = ", ".join(rule.at.columns())
        self._meets = columns.tests(rule.only_if)
        self._at, self._moment = columns.getter(rule.at), dialect.moments(rule.at)
        self._campaign = self._text(rule.campaign, columns)
        self._content = self._text(rule.content, columns)
        self._key = self._text(rule.key, columns)
        self._words = self._text(rule.words, columns, fields.words)
        self._amount = (
            fields.amount_of(rule.amount, rule.currency, columns, dialect) if rule.amount else _nothing
        )

    def read(self, cells: list[Cell]) -> RowFact | None:
        """Return the fact, or None where the row does not meet the condition."""
        if self._meets is not None and not self._meets(cells):
            return None
        cell = self._at(cells)
        if isinstance(cell, str):
            cell = cell.strip()
            if cell in self._nulls:
                raise Unreadable(Phrase("{says}: {reason}", says=self._says, reason=no_date(self._kind)))
        try:
            at, whole_day = self._moment(cell)
        except Unreadable as reason:
            raise Unreadable(Phrase("{says}: {reason}", says=self._says, reason=reason)) from None
        amount, currency = self._amount(cells) or (None, "")
        return RowFact(
            self._kind,
            at,
            whole_day,
            self._campaign(cells),
            self._content(cells),
            amount,
            currency,
            self._words(cells),
            self._key(cells),
            self._once,
        )

    def _text(
        self, source: Source | None, columns: Columns, convert: Callable[[str], str] = fields.label
    ) -> Callable[[list[Cell]], str | None]:
        if source is None:
            return _nothing
        get: Getter = columns.getter(source)
        nulls, says = self._nulls, ", ".join(source.columns())

        def said(cells: list[Cell]) -> str | None:
            text = plain(get(cells))
            try:
                return None if text in nulls else convert(text)
            except Unreadable as reason:
                raise Unreadable(Phrase("{says}: {reason}", says=says, reason=reason)) from None

        return said


def _nothing(_: list[Cell]) -> None:
    """Stand in for a part of a fact that the map does not name."""


class ConsentRule:
    """Reads one consent from a row."""

    def __init__(self, rule: MapConsent, columns: Columns, dialect: Dialect) -> None:
        self._rule, self._nulls = rule, columns.nulls
        self._meets = columns.tests(rule.only_if)
        self._at = columns.getter(rule.at) if rule.at else None
        self._moment = dialect.moments(rule.at) if rule.at else None

    def read(self, cells: list[Cell]) -> RowConsent | None:
        """Return the consent, or None where the row does not meet the condition."""
        if self._meets is not None and not self._meets(cells):
            return None
        at = None
        if self._at is not None and self._moment is not None:
            cell = self._at(cells)
            cell = cell.strip() if isinstance(cell, str) else cell
            at = None if cell in self._nulls else self._moment(cell).at
        rule = self._rule
        return RowConsent(rule.purpose, rule.state == "granted", at, rule.wording, rule.wording_version)
