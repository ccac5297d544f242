"""A company in which no table is empty, and what a database holds, row by row and rule by rule."""

import io
import re
from contextlib import contextmanager

import psycopg
from django.db import IntegrityError, connection, transaction

from orchard.connect import actions as connect
from orchard.contacts import actions as contacts
from orchard.kit import clock
from tests.make import agreements, database, leads, programs

WORDS = "Zoë “ß” \\N \t 漢字 🍏 \\\\ ' \" \r\n end"

_refused = {}

# What a row has to be where a rule of its table asks for more than a type.
_RULES = {
    "demo_loading": {"id": "1"},
    "outbox_gate": {"id": "1", "open": "true"},
    "contact_alias": {"old_id": "-1", "living_id": "-2"},
    "doubt": {"first_id": "(SELECT min(id) FROM contact)", "second_id": "(SELECT max(id) FROM contact)"},
    "contact_merge": {
        "loser_id": "(SELECT max(id) FROM contact)",
        "survivor_id": "(SELECT min(id) FROM contact)",
    },
    "invitation": {"email": "'zoe@orchard.example'"},
    "territory": {"opens": "540", "closes": "1020"},
    "task": {"dropped_at": "NULL", "starts_at": "NULL", "ends_at": "NULL"},
    "note": {"account_id": "NULL"},
    "kept_file": {"account_id": "NULL"},
    "enrolment": {
        "state": "'held'",
        "outcome": "''",
        "due_at": "NULL",
        "ended_at": "NULL",
    },
    "absence": {"last": "'2026-11-27'"},
    "weekly_decision": {"due_on": "NULL", "done_at": "NULL"},
}
_LITERALS = {
    "int2": "7",
    "int4": "7",
    "int8": "7000000000",
    "bool": "true",
    "float8": "0.1::float8 + 0.2",
    "numeric": "123456789.000000001",
    "date": "'2026-11-26'",
    "timestamptz": "'2026-11-27 01:16:24.123456+00'",
    "interval": "'1 month 2 days 00:00:03.5'",
    "uuid": "gen_random_uuid()",
    "jsonb": """'{"ä": [1.50, null, "\\u2028\\\\N"], "": {}}'""",
    "_int8": "'{1,NULL,-9223372036854775808}'",
    "_date": "'{2026-12-24,NULL}'",
    "_timestamptz": "'{2026-12-24 00:00:00.000001+00}'",
    "_int2": "'{1,2}'",
    "_int4": "'{1,NULL}'",
    "_bool": "'{t,NULL}'",
    "_text": """'{NULL,"","a,b","\\\\N"}'""",
    "_varchar": """'{NULL,"","a,b"}'""",
    "inet": "'2001:db8::1'",
    "bytea": r"'\x00ff'",
    "tsvector": "'''ada'':1A ''b'':2,9'",
}
_COLUMNS = """
SELECT a.attname, t.typname, a.atttypmod, a.attnotnull,
       (SELECT f.confrelid::regclass::text FROM pg_constraint f
         WHERE f.conrelid = a.attrelid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum])
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
 WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
   AND a.attidentity = ''
"""
_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
)
# What stands around the rows: whatever of it a restore forgot or changed shows.
_RULEBOOK = (
    (
        "SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid), convalidated, condeferred"
        " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    ),
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    (
        "SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE NOT tgisinternal"
    ),
    (
        "SELECT attrelid::regclass::text, attname, attnotnull, attidentity::text, attgenerated::text, attstorage::text"
        " FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace = 'public'::regnamespace"
        " AND c.relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped"
    ),
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'",
)


def company():
    """Make a company by the actions that pages call, then put a row into every table that is still empty."""
    agreements.in_force()
    programs.live()
    with clock.at(agreements.NOW):
        lost = leads.ripe("Ada Äpfel", days_ago=1)
        kept = leads.contact("Ben 漢")
        leads.rep()
        leads.drain()
        contacts.merge(survivor_id=kept, loser_id=leads.contact("Ben H."), now=clock.now(), actor_id=None)
        contacts.erase_contact(contact_id=leads.contact("Gone"), now=clock.now(), actor_id=None)
        contacts.change_contact(contact_id=lost, values={"title": WORDS[:20]}, now=clock.now(), actor_id=None)
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        waiting = [name for (name,) in cursor.fetchall()]
        for _ in range(3):
            waiting = [name for name in waiting if not _filled(cursor, name)]
    assert not waiting, {name: _refused[name] for name in waiting}


def upload(content):
    """Let an import wait whose file was uploaded."""
    with clock.at(agreements.NOW):
        connect.begin(file_name="people.csv", upload=io.BytesIO(content), now=clock.now())


def _filled(cursor, table):
    cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
    if cursor.fetchone()[0]:
        return True
    cursor.execute(_COLUMNS, [f'"{table}"'])
    values = {}
    for name, sort, limit, _needed, target in cursor.fetchall():
        if target:
            values[name] = f"(SELECT min({_key(cursor, target)}) FROM {target})"
        elif sort in {"varchar", "text", "bpchar"}:
            values[name] = _text(limit - 4 if limit > 4 else 200)
        else:
            values[name] = _LITERALS[sort]
    values |= _RULES.get(table, {})
    names = ", ".join(f'"{name}"' for name in values)
    try:
        with transaction.atomic():
            cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(values.values())})')
    except IntegrityError as error:
        _refused[table] = str(error)  # perhaps what it points at comes later
        return False
    return True


def _key(cursor, table):
    cursor.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
        " WHERE i.indrelid = %s::regclass AND i.indisprimary",
        [table],
    )
    return cursor.fetchone()[0]


def _text(limit):
    return (
        "E'"
        + "".join(f"\\u{ord(c):04x}" if ord(c) < 65536 else f"\\U{ord(c):08x}" for c in WORDS[:limit])
        + "'"
    )


def rows(name):
    """Return every row of every table of a database as text, computed columns included."""
    with _connected(name) as database:
        names = [table for (table,) in database.execute(_TABLES).fetchall()]
        return {
            table: sorted(text for (text,) in database.execute(f'SELECT t::text FROM "{table}" t').fetchall())
            for table in names
        }


def rulebook(name):
    """Return the constraints, indexes, triggers, columns, functions, views and sequences of a database."""
    with _connected(name) as database:
        found = [repr(row) for text in _RULEBOOK for row in database.execute(text).fetchall()]
    # PostgreSQL writes a condition that was read from its own words with other casts, and means the same.
    return {re.sub(r"::character varying|::text|\[\]|[()]", "", each) for each in found}


@contextmanager
def _connected(name):
    with psycopg.connect(**database.parameters(name), autocommit=True) as found:
        yield found
