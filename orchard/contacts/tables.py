"""The room's analytical table, its fields for conditions, and its part of the data map of personal data."""

from collections.abc import Callable, Iterable

from orchard.contacts.types import ACCOUNT_FIELDS, CONTACT_FIELDS, FieldType, PersonalTable, Seniority
from orchard.engine.types import ColumnType, Field, LakeSource, TableSpec
from orchard.kit.codes import (
    countries,
    country_name,
    currencies,
    currency_name,
    language_name,
    languages,
    spelled_out,
)
from orchard.kit.words import Phrase

_TYPES = {
    "is_competitor": ColumnType.BOOLEAN,
    "employees": ColumnType.BIGINT,
    "annual_revenue": ColumnType.BIGINT,
}
_CALLED = {"country": country_name, "language": language_name, "currency": currency_name}
_USUAL: dict[str, Callable[[], Iterable[str]]] = {
    "country": countries,
    "language": languages,
    "currency": currencies,
}
_CONTACT = ("title", "seniority", "department", "country", "city", "language", "time_zone", "is_competitor")
_ACCOUNT = ("domain", "industry", "country", "region", "city", "employees", "annual_revenue", "currency")

CONTACTS = TableSpec(
    name="contacts",
    columns={
        "contact_id": ColumnType.BIGINT,
        "account_id": ColumnType.BIGINT,
        "owner_id": ColumnType.BIGINT,
        **{f"contact__{name}": _TYPES.get(name, ColumnType.TEXT) for name in _CONTACT},
        "contact__custom": ColumnType.JSON,
        **{f"account__{name}": _TYPES.get(name, ColumnType.TEXT) for name in _ACCOUNT},
        "account__custom": ColumnType.JSON,
        "created_at": ColumnType.TIMESTAMP,
    },
    source=(
        "SELECT c.id AS contact_id, c.account_id, c.owner_id, "  # noqa: S608 - names from the tuples above
        + ", ".join(f"c.{name} AS contact__{name}" for name in _CONTACT)
        + ", c.custom::text AS contact__custom, "
        + ", ".join(f"a.{name} AS account__{name}" for name in _ACCOUNT)
        + ", a.custom::text AS account__custom, c.created_at"
        " FROM contact c LEFT JOIN account a ON a.id = c.account_id"
        " WHERE c.erased_at IS NULL AND NOT EXISTS"
        " (SELECT FROM contact_alias old WHERE old.old_id = c.id AND old.ended_by IS NULL)"
    ),
)
"""One row for each living contact, with its account. No names, no addresses."""

LAKE = LakeSource(
    name="contacts",
    columns=CONTACTS.columns,
    select=CONTACTS.source,
    changed_by=frozenset(
        {
            "account.changed",
            "contact.changed",
            "contact.created",
            "contact.erased",
            "contact.merged",
            "contact.unmerged",
            "import.undone",
        }
    ),
)
PHONES = LakeSource(
    name="phone",
    columns={"contact_id": ColumnType.BIGINT},
    select="SELECT DISTINCT contact_id FROM contact_phone ORDER BY contact_id",
    changed_by=LAKE.changed_by,
)
"""Who has a phone number, whichever."""

REACHABLE = TableSpec("phones", {"contact_id": ColumnType.BIGINT}, "")
VIEWS = {
    "contacts": lambda _filled: "SELECT * FROM {contacts} every",
    "phones": lambda filled: (
        "SELECT DISTINCT coalesce(a.living_id, p.contact_id) AS contact_id"
        " FROM {phone} p LEFT JOIN {alias} a ON a.old_id = p.contact_id"
        if "alias" in filled
        else "SELECT contact_id FROM {phone} every"
    ),
}

FIELDS: tuple[Field, ...] = (
    *(
        Field(
            f"contact.{name}",
            _TYPES.get(name, ColumnType.TEXT),
            CONTACT_FIELDS[name],
            f"contact__{name}",
            choices=tuple((each.value, each.label) for each in Seniority) if name == "seniority" else (),
            called=_CALLED.get(name, spelled_out),
            usual=_USUAL.get(name),
        )
        for name in _CONTACT
    ),
    *(
        Field(
            f"account.{name}",
            _TYPES.get(name, ColumnType.TEXT),
            Phrase("company's {field}", field=ACCOUNT_FIELDS[name]),
            f"account__{name}",
            called=_CALLED.get(name, spelled_out),
            usual=_USUAL.get(name),
        )
        for name in _ACCOUNT
    ),
    Field("contact.created_at", ColumnType.TIMESTAMP, Phrase("known since"), "created_at"),
)

_CUSTOM_TYPES = {
    FieldType.TEXT: ColumnType.TEXT,
    FieldType.NUMBER: ColumnType.DOUBLE,
    FieldType.BOOLEAN: ColumnType.BOOLEAN,
    FieldType.DATE: ColumnType.DATE,
    FieldType.CHOICE: ColumnType.TEXT,
}


def custom_fields(declared: Iterable[tuple[str, str, str, str, Iterable[str]]]) -> tuple[Field, ...]:
    """Return the catalogue's fields for the company's own: (entity, name, label, type, choices) each."""
    return tuple(
        Field(
            f"{entity}.custom.{name}",
            _CUSTOM_TYPES[FieldType(sort)],
            label,
            f"{entity}__custom",
            json_key=name,
            choices=tuple((choice, choice) for choice in choices),
        )
        for entity, name, label, sort, choices in declared
    )


_MINE = "contact_id = ANY (%(contact_ids)s)"
_EITHER = "{} = ANY (%(contact_ids)s) OR {} = ANY (%(contact_ids)s)"


def named(words: str) -> str:
    """Return the condition of a data map that finds the rows whose `words`, an SQL expression, name the person.

    They do where the person's full name or an address stands in them as a whole, not within longer words. A name of one
    word (`Support`, `Miller`) stands in too many words to tell of anybody.
    """
    return rf"""EXISTS (
    SELECT FROM (SELECT full_name FROM contact WHERE id = ANY (%(contact_ids)s) AND position(' ' IN trim(full_name)) > 0
                 UNION ALL SELECT unnest(%(addresses)s::text[])) AS told (words)
     WHERE {words} ~* ('(^|\W)' || regexp_replace(trim(told.words), '(\W)', '\\\1', 'g') || '(\W|$)'))"""  # noqa: S608 - our own text


# Names of files have strokes and points where a sentence has spaces.
_NAMED_BY_A_FILE = named(
    "kept_file.name || ' ' || translate(kept_file.name, '_-.', '   ') || ' ' || kept_file.words"
)
_FILES = f"{_MINE} OR contact_id IS NULL AND {_NAMED_BY_A_FILE}"
_NAMED = named("saved_view.name || ' ' || saved_view.state::text")
_NAMED_IN_A_STEP = named("task.title || ' ' || task.place || ' ' || task.outcome")

PERSONAL: tuple[PersonalTable, ...] = (
    PersonalTable(
        "contact",
        "id = ANY (%(contact_ids)s)",
        blank={
            **dict.fromkeys(
                (
                    "full_name",
                    "first_name",
                    "last_name",
                    "name_key",
                    "person_key",
                    "title",
                    "seniority",
                    "department",
                    "country",
                    "city",
                    "language",
                    "time_zone",
                    "linkedin_slug",
                    "account_id",
                    "owner_id",
                    "is_competitor",
                ),
                "NULL",
            ),
            "custom": "'{}'",
        },
    ),
    PersonalTable("contact_email", _MINE),
    PersonalTable("contact_phone", _MINE),
    PersonalTable("contact_external_id", _MINE),
    PersonalTable("consent", _MINE),
    PersonalTable("field_history", "entity = 'contact' AND entity_id = ANY (%(contact_ids)s)"),
    PersonalTable("doubt", _EITHER.format("first_id", "second_id")),
    PersonalTable("contact_merge", _EITHER.format("survivor_id", "loser_id"), blank={"filled": "'{}'"}),
    PersonalTable("contact_hold", _MINE),
    PersonalTable("suppressed_address", free=frozenset({"reason"})),
    PersonalTable(
        "account",
        free=frozenset(
            {"name", "name_key", "domain", "industry", "country", "region", "city", "currency", "custom"}
        ),
    ),
    PersonalTable("account_role", _MINE),
    # A file on a company that names somebody tells of that person, whatever is in it; its pieces go before it.
    PersonalTable("kept_file", _FILES),
    PersonalTable("kept_file_piece", f"file_id IN (SELECT id FROM kept_file WHERE {_FILES})"),  # noqa: S608 - our own text
    PersonalTable("account_site", free=frozenset({"name", "street", "postal_code", "city", "country"})),
    PersonalTable("account_external_id", free=frozenset({"source", "value"})),
    PersonalTable("custom_field", free=frozenset({"entity", "name", "label", "type", "choices"})),
    PersonalTable("imported_batch"),
    # The rooms below know of no contacts' words but these; they cannot declare upwards, so this room speaks for them.
    # What was noted about a company may name somebody all the same.
    PersonalTable(
        "interaction_words", f"{_MINE} OR contact_id IS NULL AND {named('interaction_words.text')}"
    ),
    # A step with nobody outside may name somebody all the same.
    PersonalTable(
        "task",
        f"{_MINE} OR contact_id IS NULL AND {_NAMED_IN_A_STEP}",
        blank={"title": "''", "place": "''", "outcome": "''"},
        free=frozenset({"what", "subject_kind"}),
    ),
    PersonalTable("task_told", free=frozenset({"turn"})),
    PersonalTable("task_log", free=frozenset({"happened"})),
    PersonalTable("task_aside", _MINE, free=frozenset({"why"})),
    PersonalTable("note"),
    PersonalTable("note_mention"),
    PersonalTable("notice", _MINE, free=frozenset({"kind", "subject_kind", "key"})),
    # A view keeps what somebody typed into a list: whoever's name or address stands in it takes the view along.
    PersonalTable("saved_view", _NAMED, free=frozenset({"list"})),
    PersonalTable(
        "list_start",
        f"view_id IN (SELECT id FROM saved_view WHERE {_NAMED})",  # noqa: S608 - our own text
        free=frozenset({"list"}),
    ),
    PersonalTable("notice_mail", free=frozenset({"mailing"})),
    PersonalTable("ledger_stuck", _MINE, blank={"error": "''"}, free=frozenset({"consumer", "lane"})),
    PersonalTable(
        "journal",
        "subject_kind = 'contact' AND subject_id = ANY (%(contact_ids)s)",
        blank={"details": "'{}'"},
        free=frozenset({"action", "subject_kind"}),
    ),
    PersonalTable(
        "outbox_message",
        "lower(recipient) = ANY (%(addresses)s)",
    ),
    PersonalTable("outbox_gate", free=frozenset({"reason"})),
    PersonalTable("outbox_place", free=frozenset({"home", "machine", "server"})),
    PersonalTable("interaction", free=frozenset({"subject_kind", "kind", "direction", "currency"})),
    PersonalTable("interaction_class", free=frozenset({"made_by"})),
    PersonalTable("ledger_discount", free=frozenset({"why"})),
    PersonalTable("ledger_cursor", free=frozenset({"consumer", "lane"})),
)
"""What an erasure does to the tables of this room and of the rooms below it."""
