"""Turns a file and a map into the stream of rows and rejects that an import stores."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from orchard.connect.csv import fields
from orchard.connect.csv.binding import Columns
from orchard.connect.csv.fields import Dialect, Step
from orchard.connect.csv.mapping.grammar import ImportMap, Interaction, MapConsent, Source
from orchard.connect.csv.reading import Table, Tally, open_table
from orchard.connect.csv.recognise import SAMPLE, recognise
from orchard.connect.csv.surveying import Survey
from orchard.connect.csv.types import (
    Cell,
    Email,
    ExternalId,
    MapError,
    Phone,
    Problem,
    Reject,
    Row,
    RowConsent,
    RowFact,
    Unreadable,
)
from orchard.connect.csv.values import identity
from orchard.connect.csv.values.text import identifier, plain
from orchard.kit.errors import Refused

_NAMES_A_PERSON = ("full_name", "first_name", "last_name", "linkedin_slug")
_Many = tuple[Callable[[list[Cell]], Cell], Callable[[str], Any], str]


class Reading:
    """One file read by one map: `rows()` streams it as often as asked, `tally` says how much there is.

    `known` names the export that was recognised, "" where the map was given. `remarks` counts by sentence
    what was left out without refusing a row.
    """

    def __init__(self, table: Table, import_map: ImportMap, known: str = "") -> None:
        self.table = table
        self.map = import_map
        self.known = known
        self.remarks: Counter[str] = Counter()
        columns = Columns(table.header, table.constants, import_map)
        columns.check()
        survey = Survey()
        survey.take(table, import_map, columns)
        self.tally: Tally = survey.tally
        self._bind(columns, Dialect(import_map, survey))

    def rows(self, *, after: int = 0) -> Iterator[Row | Reject]:
        """Yield one Row or Reject per row of the table, in its order, those after the given row number only."""
        read = self._row
        for number, cells, damage in self.table.records():
            if number <= after:
                continue
            if damage:
                yield Reject(number, damage, cells)
                continue
            try:
                yield read(number, cells)
            except Unreadable:
                yield Reject(number, " ".join(self._reasons(number, cells)), cells)

    def _bind(self, columns: Columns, dialect: Dialect) -> None:
        contact = self.map.contact
        self._nulls = columns.nulls
        self._steps = fields.steps_of(self.map, columns, dialect)
        self._emails: list[_Many] = [
            self._many(columns, source, identity.emails) for source in contact.get("email", [])
        ]
        self._phones: list[_Many] = [
            self._many(columns, source, _phone_reader(source, self.map.country))
            for source in contact.get("phone", [])
        ]
        self._ids = [self._id(columns, source) for source in contact.get("external_id", [])]
        self._account_ids = [self._id(columns, source) for source in contact.get("account.external_id", [])]
        self._facts = [_FactRule(fact, columns, dialect) for fact in self.map.interactions]
        self._consents = [_ConsentRule(consent, columns, dialect) for consent in self.map.consent]
        self._takes = columns.tests(self.map.only_if)
        revenue = contact.get("account.annual_revenue")
        self._revenue_currency = revenue[0].currency if revenue else None
        self._names_people = any(not name.startswith("account.") for name in contact)
        if (self._facts or self._consents) and not self._names_people:
            raise MapError(
                [Problem(0, "Interactions and consent need a contact: say which columns name one.")]
            )

    @staticmethod
    def _many(columns: Columns, source: Source, read: Callable[[str], Any]) -> _Many:
        return (columns.getter(source), read, ", ".join(source.columns()))

    def _id(self, columns: Columns, source: Source) -> _Many:
        system = source.source or ""
        return self._many(columns, source, lambda text: [ExternalId(system, identifier(text))])

    def _row(self, number: int, cells: list[Cell]) -> Row:
        if self._takes is not None and not self._takes(cells):
            raise Unreadable("The map leaves this row out (`only_if`).")
        nulls = self._nulls
        contact: dict[str, Any] = {}
        account: dict[str, Any] = {}
        campaign: dict[str, Any] = {}
        custom: dict[str, Any] = {}
        account_custom: dict[str, Any] = {}
        buckets = (contact, account, campaign, custom, account_custom)
        for bucket, key, get, convert, typed, _ in self._steps:
            cell = get(cells)
            if cell.__class__ is str:
                cell = cell.strip()
                if cell in nulls:
                    continue
            elif not typed:
                cell = plain(cell)
            buckets[bucket][key] = convert(cell)
        emails: list[Email] = self._all(self._emails, cells)
        phones: list[Phone] = self._all(self._phones, cells) if self._phones else []
        if phones and (home := contact.get("country")):
            phones = [phone if phone.normal else identity.at_home(phone, home) for phone in phones]
        ids: list[ExternalId] = self._all(self._ids, cells)
        account_ids: list[ExternalId] = self._all(self._account_ids, cells)
        if not contact.get("full_name") and ("first_name" in contact or "last_name" in contact):
            contact["full_name"] = f"{contact.get('first_name', '')} {contact.get('last_name', '')}".strip()
        if "annual_revenue" in account:
            account["currency"] = self._revenue_currency
        if self._names_people:
            _check_person(contact, emails, ids)
        if (account or account_custom) and not (account_ids or "name" in account or "domain" in account):
            self._drop_account(account, account_custom)
        facts = [fact for rule in self._facts if (fact := rule.read(cells, nulls))]
        consents = [consent for rule in self._consents if (consent := rule.read(cells, nulls))]
        return Row(
            number,
            contact,
            account,
            campaign,
            custom,
            account_custom,
            emails,
            phones,
            ids,
            account_ids,
            facts,
            consents,
        )

    def _all(self, many: list[_Many], cells: list[Cell]) -> list[Any]:
        found: list[Any] = []
        for get, read, _ in many:
            cell = get(cells)
            text = cell.strip() if cell.__class__ is str else plain(cell)
            if text not in self._nulls:
                found += read(text)
        return found if len(found) < 2 else list(dict.fromkeys(found))  # noqa: PLR2004 - one is alone

    def _drop_account(self, account: dict[str, Any], custom: dict[str, Any]) -> None:
        if not self._names_people:
            raise Unreadable("This row names no company: no name, web domain or id.")
        self.remarks[
            "Details of a company were left out where no name, web domain or id says which one."
        ] += 1
        account.clear()
        custom.clear()

    def _reasons(self, number: int, cells: list[Cell]) -> list[str]:
        """Return everything that is wrong with a row, each with its column."""
        reasons: list[str] = []
        if self._takes is not None and not self._takes(cells):
            return ["The map leaves this row out (`only_if`)."]
        for step in self._steps:
            _collect(reasons, step.says, lambda step=step: self._one(step, cells))  # type: ignore[misc]
        for many in (*self._emails, *self._phones, *self._ids, *self._account_ids):
            _collect(reasons, many[2], lambda many=many: self._all([many], cells))  # type: ignore[misc]
        for rule in (*self._facts, *self._consents):
            _collect(reasons, "", lambda rule=rule: rule.read(cells, self._nulls))  # type: ignore[misc]
        if not reasons:
            _collect(reasons, "", lambda: self._row(number, cells))
        return list(dict.fromkeys(reasons))

    def _one(self, step: Step, cells: list[Cell]) -> None:
        cell = step.get(cells)
        if isinstance(cell, str):
            cell = cell.strip()
        if cell not in self._nulls:
            step.convert(cell if step.typed else plain(cell))


class _FactRule:
    """Reads one kind of fact from a row."""

    def __init__(self, rule: Interaction, columns: Columns, dialect: Dialect) -> None:
        self.kind, self.once = rule.kind, rule.once
        self._says = ", ".join(rule.at.columns())
        self._meets = columns.tests(rule.only_if)
        self._at, self._moment = columns.getter(rule.at), dialect.moments(rule.at)
        self._campaign, self._content, self._key, self._words = (
            columns.getter(source) if source else None
            for source in (rule.campaign, rule.content, rule.key, rule.words)
        )
        self._amount = fields.amount_of(rule.amount, rule.currency, columns, dialect) if rule.amount else None

    def read(self, cells: list[Cell], nulls: frozenset[str]) -> RowFact | None:
        """Return the fact, or None where the row does not meet the condition."""
        if self._meets is not None and not self._meets(cells):
            return None
        cell = self._at(cells)
        if isinstance(cell, str):
            cell = cell.strip()
            if cell in nulls:
                raise Unreadable(f"{self._says}: no date for {self.kind}; `only_if` leaves such rows out")
        try:
            at, whole_day = self._moment(cell)
        except Unreadable as reason:
            raise Unreadable(f"{self._says}: {reason}") from None
        amount, currency = (self._amount(cells) if self._amount is not None else None) or (None, "")
        return RowFact(
            self.kind,
            at,
            whole_day,
            _said(self._campaign, cells, nulls, fields.label),
            _said(self._content, cells, nulls, fields.label),
            amount,
            currency,
            _said(self._words, cells, nulls, fields.words),
            _said(self._key, cells, nulls, fields.label),
            self.once,
        )


class _ConsentRule:
    """Reads one consent from a row."""

    def __init__(self, rule: MapConsent, columns: Columns, dialect: Dialect) -> None:
        self._rule = rule
        self._meets = columns.tests(rule.only_if)
        self._at = columns.getter(rule.at) if rule.at else None
        self._moment = dialect.moments(rule.at) if rule.at else None

    def read(self, cells: list[Cell], nulls: frozenset[str]) -> RowConsent | None:
        """Return the consent, or None where the row does not meet the condition."""
        if self._meets is not None and not self._meets(cells):
            return None
        at = None
        if self._at is not None and self._moment is not None:
            cell = self._at(cells)
            cell = cell.strip() if isinstance(cell, str) else cell
            at = None if cell in nulls else self._moment(cell).at
        rule = self._rule
        return RowConsent(rule.purpose, rule.state == "granted", at, rule.wording, rule.wording_version)


def read(path: Path, import_map: ImportMap | None = None, *, sheet: str | None = None) -> Reading:
    """Open a file and read it by a map, or without one as the known export that it is.

    Passes once over the whole file. Raises Refused (MapError with lines and rows) where nothing can be
    taken in.
    """
    layout = import_map.file if import_map else None
    table = open_table(
        path,
        sheet=sheet or (layout.sheet if layout else None),
        header_row=layout.header_row if layout else None,
        encoding=layout.encoding if layout else None,
        delimiter=layout.delimiter if layout else None,
    )
    if import_map is not None:
        return Reading(table, import_map)
    known = recognise([*table.header, *table.constants], table.sample(SAMPLE), path.name)
    if known is None:
        raise Refused(
            f"{path.name} is no export that Orchard knows; give a map that says what its columns hold."
        )
    return Reading(table, known.map, known.name)


def _phone_reader(source: Source, country: str | None) -> Callable[[str], list[Phone]]:
    home, label = source.country or country, source.label
    return lambda text: identity.phones(text, home, label)


def _check_person(contact: dict[str, Any], emails: list[Email], ids: list[ExternalId]) -> None:
    if not emails and not ids and not any(contact.get(name) for name in _NAMES_A_PERSON):
        raise Unreadable("This row names nobody: no name, e-mail address, profile or id.")


def _said(
    get: Callable[[list[Cell]], Cell] | None,
    cells: list[Cell],
    nulls: frozenset[str],
    convert: Callable[[str], str],
) -> str | None:
    if get is None:
        return None
    text = plain(get(cells))
    return None if text in nulls else convert(text)


def _collect(reasons: list[str], column: str, attempt: Callable[[], object]) -> None:
    try:
        attempt()
    except Unreadable as reason:
        sentence = f"{column}: {reason}" if column else str(reason)
        reasons.append(sentence if sentence.endswith(".") else f"{sentence}.")
