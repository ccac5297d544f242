"""The room's vocabulary: what is known of a contact, what a row of an import brings, and the ways to refuse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, BinaryIO, NamedTuple

from orchard.contacts.rules import (
    FILE_NAME_LENGTH,
    FILE_WORDS_LENGTH,
    LARGEST_FILE,
    MOST_FILES,
    TEXT_LIMITS,
    company_domain,
    company_key,
    domain_of,
    ending_of,
    linkedin_slug,
    name_key,
    normal_email,
    normal_phone,
    person_key,
    visible,
)
from orchard.kit.errors import Conflict, NotAllowed, NotFound, Refused
from orchard.kit.words import Phrase

__all__ = [
    "ACCOUNT_FIELDS",
    "CONTACT_FIELDS",
    "FILE_NAME_LENGTH",
    "FILE_WORDS_LENGTH",
    "LARGEST_FILE",
    "MOST_FILES",
    "TEXT_LIMITS",
    "Change",
    "Clash",
    "Entity",
    "FieldType",
    "Gone",
    "IncomingConsent",
    "IncomingRow",
    "Invalid",
    "MergePreview",
    "Outcome",
    "PersonalTable",
    "RowResult",
    "Seniority",
    "Unmerged",
    "company_domain",
    "company_key",
    "domain_of",
    "linkedin_slug",
    "name_key",
    "normal_email",
    "normal_phone",
    "person_key",
    "visible",
]

CONTACT_FIELDS: Mapping[str, str] = {
    "full_name": Phrase("name"),
    "first_name": Phrase("first name"),
    "last_name": Phrase("last name"),
    "title": Phrase("title"),
    "seniority": Phrase("seniority"),
    "department": Phrase("department"),
    "country": Phrase("country"),
    "city": Phrase("city"),
    "language": Phrase("language"),
    "time_zone": Phrase("time zone"),
    "linkedin_slug": Phrase("LinkedIn profile"),
    "is_competitor": Phrase("is a competitor"),
}
"""The fields of a contact that members and imports may set, with the words for them on a page."""

ACCOUNT_FIELDS: Mapping[str, str] = {
    "name": Phrase("company"),
    "domain": Phrase("web domain"),
    "industry": Phrase("industry"),
    "country": Phrase("country"),
    "region": Phrase("region"),
    "city": Phrase("city"),
    "employees": Phrase("employees"),
    "annual_revenue": Phrase("annual revenue"),
    "currency": Phrase("currency"),
}
"""The fields of an account that members and imports may set; `annual_revenue` in minor units of `currency`."""


class Entity(StrEnum):
    """The two kinds of record that this room keeps."""

    CONTACT = "contact"
    ACCOUNT = "account"


class Seniority(StrEnum):
    """How far somebody's word reaches in their company."""

    ENTRY = "entry"
    SENIOR = "senior"
    MANAGER = "manager"
    DIRECTOR = "director"
    VP = "vp"
    C_LEVEL = "c_level"
    OWNER = "owner"

    @property
    def label(self) -> str:
        """The word for it on a page."""
        return _SENIORITIES[self]


_SENIORITIES = {
    Seniority.ENTRY: Phrase("entry"),
    Seniority.SENIOR: Phrase("senior"),
    Seniority.MANAGER: Phrase("manager"),
    Seniority.DIRECTOR: Phrase("director"),
    Seniority.VP: Phrase("VP"),
    Seniority.C_LEVEL: Phrase("C-level"),
    Seniority.OWNER: Phrase("owner"),
}


class BuyingRole(StrEnum):
    """What part somebody has when their company buys."""

    DECIDER = "decider"
    BUYER = "buyer"
    USER = "user"
    ADVISER = "adviser"
    CHAMPION = "champion"
    GATEKEEPER = "gatekeeper"

    @property
    def label(self) -> str:
        """The word for it on a page."""
        return _BUYING_ROLES[self]


_BUYING_ROLES = {
    BuyingRole.DECIDER: Phrase("decider"),
    BuyingRole.BUYER: Phrase("buyer"),
    BuyingRole.USER: Phrase("user"),
    BuyingRole.ADVISER: Phrase("adviser"),
    BuyingRole.CHAMPION: Phrase("champion"),
    BuyingRole.GATEKEEPER: Phrase("gatekeeper"),
}

NEEDED_ROLES = (BuyingRole.DECIDER, BuyingRole.BUYER, BuyingRole.USER)
"""Without one of these no company buys: a page says which is not known yet."""


class FieldType(StrEnum):
    """What a company's own field may hold."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    CHOICE = "choice"


class Outcome(StrEnum):
    """What became of one row of a batch."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class IncomingRow(NamedTuple):
    """One row of an import, normalised already. None means "the row does not say" and changes nothing.

    `contact` and `account` hold the values of the columns that the batch declares, in that order; `emails` are
    (as typed, normal), `phones` (as typed, normal or None, label), `ids` and `account_ids` (source, value).
    """

    number: int
    contact: Sequence[Any]
    account: Sequence[Any] = ()
    emails: Sequence[tuple[str, str]] = ()
    phones: Sequence[tuple[str, str | None, str]] = ()
    ids: Sequence[tuple[str, str]] = ()
    account_ids: Sequence[tuple[str, str]] = ()
    custom: Mapping[str, Any] | None = None
    account_custom: Mapping[str, Any] | None = None


class IncomingConsent(NamedTuple):
    """A consent that an import tells of; `at` is None where the file does not say when."""

    contact_id: int
    purpose: str
    granted: bool
    at: datetime | None
    wording: str = ""
    wording_version: str = ""


class RowResult(NamedTuple):
    """What became of one row: whose it is, and the sentence that says why where it was rejected."""

    number: int
    contact_id: int | None
    account_id: int | None
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A field's value before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do: which empty fields are filled, and where the two records disagree (survivor's wins)."""

    survivor_id: int
    loser_id: int
    filled: Mapping[str, Any]
    conflicts: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Unmerged:
    """What an undone merge left: fields that were changed since, and therefore stayed as they are."""

    survivor_id: int
    loser_id: int
    changed_since: Sequence[str] = field(default=())


FILE_BROUGHT_BACK_WITHIN = timedelta(days=1)
"""How long a file that was removed may be brought back; then it is gone for good."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to keep: its name as it was given, and what is in it, read from its beginning and left open."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class FilesKept:
    """What became of files that somebody added: the ids of those kept, and why each of the others was not."""

    kept: Sequence[int] = ()
    refused: Sequence[Refused] = ()


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file as pages read it, on a living contact or on an account; what is in it is asked for apart."""

    id: int
    name: str
    media: str
    """What a browser may show by itself, by its first bytes: an image or a PDF; empty where it is only saved."""
    size: int
    words: str
    contact_id: int | None
    account_id: int | None
    fact_id: int
    member_id: int | None
    member: str
    added_at: datetime

    @property
    def ending(self) -> str:
        """What it is, in the capitals of its ending; empty where its name has none."""
        return ending_of(self.name)

    @property
    def icon(self) -> str:
        """Its sign."""
        return "image" if self.media.startswith("image/") else "file-text" if self.media else "paperclip"


class Gone(NotFound):
    """There is no such contact or account, or it was erased."""


class UnknownFile(NotFound):
    """There is no such file, or it was removed."""


class Hidden(NotAllowed):
    """Somebody outside of one's own reach is at work with this person."""


class Clash(Conflict):
    """An address, id or profile belongs to somebody else already; nothing was changed."""


class Invalid(Refused):
    """A value that a field cannot hold."""


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """How an erasure treats one table: the entry of the data map that a room declares for each table it owns.

    `rows` is the SQL condition that finds a person's rows, over the parameters `contact_ids`, `addresses` (normal
    forms) and `phones` (normal forms), all arrays; empty where the table holds nothing of any person outside.
    `blank` maps a column to the SQL expression it is set to; without it the rows are deleted. `free` names text and
    JSON columns that hold no personal data. A test fails on a text or JSON column that is in neither.
    """

    table: str
    rows: str = ""
    blank: Mapping[str, str] = field(default_factory=dict)
    free: frozenset[str] = frozenset()
