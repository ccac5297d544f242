"""What a file becomes on its way in: rows ready to be stored, and rows refused with a reason.

Every record of a file that stands after the header and is not blank becomes exactly one `Row` or one
`Reject`, so that accepted + rejected = rows. All of them are named tuples of plain values: making one costs
less than a microsecond, and a chunk of them can be handed to COPY as it is.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from orchard.kit.errors import Refused
from orchard.kit.words import Phrase, together

Cell = str | int | float | bool | datetime | date | time | timedelta
"""What stands in one cell: text from a CSV file, text or a typed value from a worksheet (blank is `""`)."""


class Record(NamedTuple):
    """One physical record of a file.

    `number` is the row a spreadsheet would show: it starts at 1 and counts the header, what stands before
    it and blank lines; a record whose cells hold line breaks counts once. `damage` says why its cells
    cannot be trusted.
    """

    number: int
    cells: list[Cell]
    damage: str = ""


class RowFact(NamedTuple):
    """One interaction that a row tells of.

    `at` is aware and in UTC; `whole_day` says that the file gave a date only (then `at` is that day's midnight in
    UTC, so that it is that day in every zone). `amount` is in minor units of `currency`. `campaign` and `content`
    are the names or codes that the file gives. `key` is the fact's own id in the system it comes from. `once` says
    that a contact has this kind of fact once per campaign and content, whatever its time (a webinar joined three
    times).
    """

    kind: str
    at: datetime
    whole_day: bool = False
    campaign: str | None = None
    content: str | None = None
    amount: int | None = None
    currency: str = ""
    words: str | None = None
    key: str | None = None
    once: bool = False


class RowConsent(NamedTuple):
    """A consent that a row grants or withdraws; `at` is None where the file does not say when."""

    purpose: str
    granted: bool
    at: datetime | None
    wording: str = ""
    wording_version: str = ""


class ExternalId(NamedTuple):
    """How another system names a record: `source` says which system."""

    source: str
    value: str


class Email(NamedTuple):
    """An address as the file spells it, and the form by which it is compared."""

    typed: str
    normal: str


class Phone(NamedTuple):
    """A number as the file spells it, its E.164 form (None where there is none), and what it is for."""

    typed: str
    normal: str | None
    label: str = ""


class Row(NamedTuple):
    """One record, read by the map. Only what the file says is there: a blank cell has no key.

    `contact` and `account` hold fields by the names of the contacts room (`linkedin_slug`, `domain` bare,
    `country` as an ISO code where it is one, `annual_revenue` in minor units of `currency`), `campaign`
    those of a campaign (dates as `date`, costs in minor units); `custom` and `account_custom` hold JSON
    values, a date as an ISO text. A row may tell of an account or a campaign alone: then `names_contact` is
    False.
    """

    number: int
    contact: dict[str, Any]
    account: dict[str, Any]
    campaign: dict[str, Any]
    custom: dict[str, Any]
    account_custom: dict[str, Any]
    emails: list[Email]
    phones: list[Phone]
    external_ids: list[ExternalId]
    account_external_ids: list[ExternalId]
    facts: list[RowFact]
    consents: list[RowConsent]

    @property
    def names_contact(self) -> bool:
        """Whether the row names a person in any way."""
        return bool(self.contact or self.emails or self.external_ids or self.phones)


class Reject(NamedTuple):
    """A record that is not taken in, with the reason in words, and its cells as they stood."""

    number: int
    reason: str
    cells: list[Cell]


class Problem(NamedTuple):
    """What is wrong with a map: the line of its text (0 where there is none) and a sentence.

    `of_grammar` says that the sentence is about how the map itself is written.
    """

    line: int
    sentence: str
    of_grammar: bool = False

    def __str__(self) -> str:
        """Put the line before the sentence."""
        return self.told

    @property
    def told(self) -> Phrase:
        """The sentence, behind the line."""
        sentence = Phrase(self.sentence)
        return Phrase("Line {line}: {sentence}", line=self.line, sentence=sentence) if self.line else sentence


class MapError(Refused):
    """A map that cannot be used; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(together(each.told for each in problems))


class Unreadable(ValueError):  # noqa: N818 - the reason a row is refused, in words
    """A cell that cannot be read as what the map says it is; its text is the reason."""
