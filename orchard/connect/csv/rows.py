"""Turns a file and a map into the stream of rows and rejects that an import stores."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import dropwhile
from pathlib import Path
from typing import Any, NamedTuple

from orchard.connect.csv import fields
from orchard.connect.csv.binding import Columns, Getter
from orchard.connect.csv.facts import ConsentRule, FactRule
from orchard.connect.csv.fields import Dialect, Step
from orchard.connect.csv.hints import Hint
from orchard.connect.csv.mapping.grammar import MANY, ImportMap, Source
from orchard.connect.csv.reading import Table, Tally, open_table
from orchard.connect.csv.recognise import SAMPLE, recognise
from orchard.connect.csv.surveying import Survey
from orchard.connect.csv.types import (
    Cell,
    Email,
    ExternalId,
    MapError,
    Problem,
    Record,
    Reject,
    Row,
    Unreadable,
)
from orchard.connect.csv.values import identity
from orchard.connect.csv.values.text import identifier, plain
from orchard.kit.errors import Refused
from orchard.kit.words import Phrase, marked, together

_PARTS = ("first_name", "last_name")
_NAMES_A_PERSON = ("full_name", "linkedin_slug")
_NO_COMPANY = marked("Details of a company were left out where no name, web domain or id says which one.")


class _Several(NamedTuple):
    """A source of e-mail addresses, phones or ids: its place in MANY, and how its text is read."""

    place: int
    get: Getter
    read: Callable[[str], list[Any]]
    says: str


class Reading:
    """One file read by one map: `rows()` streams it as often as asked, `tally` says how much there is.

    `known` names the export that was recognised, "" where the map was given. `found` is how its dates and numbers
    turned out to be written. `remarks` counts by sentence what was left out without refusing a row.
    """

    def __init__(
        self, table: Table, import_map: ImportMap, known: str = "", survey: Survey | None = None
    ) -> None:
        self.table = table
        self.map = import_map
        self.known = known
        self.remarks: Counter[str] = Counter()
        columns = Columns(table.header, table.constants, import_map)
        columns.check()
        if survey is None:
            survey = Survey()
            survey.take(table, import_map, columns)
        self._survey = survey
        self.tally: Tally = survey.tally
        self.found = survey.agreed()
        self._bind(columns, Dialect(import_map, survey))

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as what it was made of; the file is not looked through again."""
        return Reading, (self.table, self.map, self.known, self._survey)

    def rows(self) -> Iterator[Row | Reject]:
        """Yield one Row or Reject per row of the table, in its order."""
        return map(self.read, self.records())

    def records(self, *, after: int = 0) -> Iterator[Record]:
        """Yield what stands in each row of the table, in its order, from the row after a number on."""
        return dropwhile(lambda record: record.number <= after, self.table.records())

    def read(self, record: Record) -> Row | Reject:
        """Return what a row means, or why it cannot be taken in."""
        number, cells, damage = record
        if damage:
            return Reject(number, damage, cells)
        try:
            return self._row(number, cells)
        except Unreadable:
            return Reject(number, together(self._reasons(number, cells)), cells)

    @property
    def contact_fields(self) -> tuple[str, ...]:
        """The fields of a contact that the rows may hold."""
        names = [step.key for step in self._steps if step.bucket == fields.CONTACT]
        parted = {"first_name", "last_name"}.intersection(names)
        return tuple(dict.fromkeys([*names, *(["full_name"] if parted else [])]))

    @property
    def account_fields(self) -> tuple[str, ...]:
        """The fields of an account that the rows may hold."""
        names = [step.key for step in self._steps if step.bucket == fields.ACCOUNT]
        return (*names, *(("currency",) if "annual_revenue" in names else ()))

    def _bind(self, columns: Columns, dialect: Dialect) -> None:
        contact = self.map.contact
        self._nulls = columns.nulls
        self._steps = fields.steps_of(self.map, columns, dialect)
        self._several = [
            _Several(
                place, columns.getter(source), _reader(name, source, self.map), ", ".join(source.columns())
            )
            for place, name in enumerate(MANY)
            for source in contact.get(name, [])
        ]
        self._facts = [FactRule(fact, columns, dialect) for fact in self.map.interactions]
        self._consents = [ConsentRule(consent, columns, dialect) for consent in self.map.consent]
        self._takes = columns.tests(self.map.only_if)
        revenue = contact.get("account.annual_revenue")
        self._revenue_currency = revenue[0].currency if revenue else None
        self._names_people = any(not name.startswith("account.") for name in contact)
        if (self._facts or self._consents) and not self._names_people:
            raise MapError(
                [Problem(0, "Interactions and consent need a contact: say which columns name one.")]
            )

    def _row(self, number: int, cells: list[Cell]) -> Row:
        if self._takes is not None and not self._takes(cells):
            raise Unreadable(Hint.LEFT_OUT)
        contact, account, campaign, custom, account_custom = self._single(cells)
        emails, phones, ids, account_ids = self._lists(cells)
        if phones and (home := contact.get("country")):
            phones = [phone if phone.normal else identity.at_home(phone, home) for phone in phones]
        if self._names_people:
            _check_person(contact, emails, ids)
        else:
            _check_company_or_campaign(account, account_ids, campaign)
        facts = [fact for rule in self._facts if (fact := rule.read(cells))]
        consents = [consent for rule in self._consents if (consent := rule.read(cells))]
        # Last of all: of a row that is refused nothing is remarked.
        if (account or account_custom) and not (account_ids or "name" in account or "domain" in account):
            self.remarks[_NO_COMPANY] += 1
            account, account_custom = {}, {}
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

    def _single(self, cells: list[Cell]) -> tuple[dict[str, Any], ...]:
        """Return what a row has once: the dicts of a contact, an account, a campaign and custom fields."""
        nulls = self._nulls
        found: tuple[dict[str, Any], ...] = ({}, {}, {}, {}, {})
        for bucket, key, get, convert, typed, _, known in self._steps:
            cell = get(cells)
            if cell.__class__ is str:
                value = known.get(cell)
                if value is None:
                    text = cell.strip()
                    value = "" if text in nulls else convert(text)
                    if len(known) < fields.REMEMBERED and len(cell) < fields.SHORT:
                        known[cell] = value
            else:
                value = convert(cell if typed else plain(cell))
            if value != "":  # nothing of it could be seen
                found[bucket][key] = value
        contact, account = found[0], found[1]
        if "full_name" not in contact and (names := [contact[name] for name in _PARTS if name in contact]):
            contact["full_name"] = " ".join(names)
        if "annual_revenue" in account:
            account["currency"] = self._revenue_currency
        return found

    def _lists(self, cells: list[Cell]) -> tuple[list[Any], ...]:
        """Return what a row may have several of, in the order of MANY, each once."""
        nulls = self._nulls
        found: tuple[list[Any], ...] = ([], [], [], [])
        for place, get, read, _ in self._several:
            cell = get(cells)
            text = cell.strip() if isinstance(cell, str) else plain(cell)
            if text not in nulls:
                here = found[place]
                here += [one for one in read(text) if one not in here]
        return found

    def _reasons(self, number: int, cells: list[Cell]) -> list[str]:
        """Return everything that is wrong with a row, each with its column."""
        reasons: list[str] = []
        attempts: list[tuple[str, Callable[[], object]]] = [
            *((step.says, partial(self._one, step, cells)) for step in self._steps),
            *((one.says, partial(self._read_one, one, cells)) for one in self._several),
            *(("", partial(rule.read, cells)) for rule in self._facts),
            *(("", partial(rule.read, cells)) for rule in self._consents),
        ]
        if self._takes is None or self._takes(cells):
            for column, attempt in attempts:
                _collect(reasons, column, attempt)
        if not reasons:
            _collect(reasons, "", partial(self._row, number, cells))
        return list(dict.fromkeys(reasons))

    def _read_one(self, one: "_Several", cells: list[Cell]) -> None:
        text = plain(one.get(cells))
        if text not in self._nulls:
            one.read(text)

    def _one(self, step: Step, cells: list[Cell]) -> None:
        cell = step.get(cells)
        if isinstance(cell, str):
            cell = cell.strip()
        if cell not in self._nulls:
            step.convert(cell if step.typed else plain(cell))


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
            "{file} is no export that Orchard knows; give a map that says what its columns hold.",
            file=path.name,
        )
    return Reading(table, known.map, known.name)


def _reader(name: str, source: Source, import_map: ImportMap) -> Callable[[str], list[Any]]:
    if name == "email":
        return identity.emails
    if name == "phone":
        return partial(identity.phones, country=source.country or import_map.country, label=source.label)
    system = source.source or ""
    return lambda text: [ExternalId(system, identifier(text))]


def _check_person(contact: dict[str, Any], emails: list[Email], ids: list[ExternalId]) -> None:
    if not emails and not ids and not any(name in contact for name in _NAMES_A_PERSON):
        raise Unreadable("This row names nobody: no name, e-mail address, profile or id.")


def _check_company_or_campaign(
    account: dict[str, Any], ids: list[ExternalId], campaign: dict[str, Any]
) -> None:
    if not ids and not {"name", "domain"} & account.keys() and not {"name", "code"} & campaign.keys():
        raise Unreadable("This row names no company and no campaign: no name, web domain, code or id.")


def _collect(reasons: list[str], column: str, attempt: Callable[[], object]) -> None:
    try:
        attempt()
    except Unreadable as reason:
        sentence = (
            Phrase("{column}: {reason}", column=column, reason=reason) if column else Phrase(reason.args[0])
        )
        reasons.append(Phrase("{sentence:stop}", sentence=sentence))
