"""Facts as they stand: of contacts, of kinds, of a place, with the words around them and who is meant by which id."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import connection

from orchard.interactions.kinds import MACHINE_PRONE, TOUCHES, WITH_SALES
from orchard.interactions.models import Alias, Interaction, Words
from orchard.interactions.types import Fact, Moment
from orchard.kit import once, paging, slow
from orchard.kit.ids import as_array

COLUMNS = (
    "pos, interaction_id, contact_id, account_id, kind, occurred_at, recorded_at, direction, subject_kind, subject_id,"
    " campaign_id, content_id, member_id, amount, currency, import_id"
)

# The rows as they were written: to look for a place, a correction and an alias of each would cost three times as much.
_HURRIED = """
SELECT contact_id
  FROM (SELECT contact_id,
               occurred_at - lag(occurred_at, %(back)s) OVER (PARTITION BY contact_id ORDER BY occurred_at) AS took
          FROM interaction WHERE contact_id = ANY (%(ids)s::bigint[]) AND kind = ANY (%(kinds)s)) mine
 GROUP BY contact_id HAVING min(took) <= %(span)s
 UNION
SELECT living_id FROM contact_alias WHERE living_id = ANY (%(ids)s::bigint[]) AND ended_by IS NULL
 UNION
SELECT contact_id FROM ledger_correction WHERE contact_id = ANY (%(ids)s::bigint[]) AND ended_by IS NULL
"""


def facts_of(
    contact_ids: Iterable[int], *, limit: int | None = None, before: int | None = None
) -> list[Fact]:
    """Return the placed facts of living contacts, newest first, at most `limit`, with a place below `before`."""
    sql = f"SELECT {COLUMNS} FROM facts_of(%s) WHERE %s::bigint IS NULL OR pos < %s"  # noqa: S608 - our own names
    sql += " ORDER BY occurred_at DESC, pos DESC"
    with connection.cursor() as cursor:
        cursor.execute(
            sql + (" LIMIT %s" if limit else ""),
            [list(contact_ids), before, before, *([limit] if limit else [])],
        )
        return [Fact._make(row) for row in cursor.fetchall()]


def facts_in_order(contact_ids: Iterable[int], *, cursor: str = "", size: int = 100) -> paging.Page[Fact]:
    """Return one page of the facts of living contacts by their place: what is new stands at the end."""
    back, key = paging.decode(cursor, int)
    beyond = f"AND pos {'<' if back else '>'} %(pos)s" if key else ""
    with connection.cursor() as database:
        database.execute(
            f"SELECT {COLUMNS} FROM facts_of(%(ids)s) WHERE kind <> 'verdict.due' {beyond}"  # noqa: S608 - our own names
            f" ORDER BY pos {'DESC' if back else 'ASC'} LIMIT %(size)s",
            {"ids": list(contact_ids), "pos": key[0] if key else None, "size": size + 1},
        )
        rows = [Fact._make(row) for row in database.fetchall()]
    return paging.page(rows, size=size, cursor=cursor, key=lambda row: (row.pos,))


def fact_count(contact_ids: Iterable[int]) -> int:
    """Return how many facts there are of living contacts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM facts_of(%s)", [list(contact_ids)])
        return int(cursor.fetchone()[0])


def last_touches(contact_ids: Iterable[int]) -> dict[int, Moment]:
    """Return the newest real exchange with each living contact, numbered among its own; who is absent had none."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (contact_id) {COLUMNS}, human, count(*) OVER (PARTITION BY contact_id)"  # noqa: S608
            " FROM facts_of(%s) WHERE kind = ANY (%s) ORDER BY contact_id, occurred_at DESC, pos DESC",
            [list(contact_ids), sorted(TOUCHES)],
        )
        return {row[2]: Moment(Fact._make(row[:-2]), *row[-2:]) for row in cursor.fetchall()}


def prone_facts_of(contact_ids: Iterable[int]) -> list[Fact]:
    """Return the facts of these contacts that software can make without a person."""
    return facts_of_kinds(contact_ids, MACHINE_PRONE)


def facts_of_kinds(contact_ids: Iterable[int], kinds: Iterable[str]) -> list[Fact]:
    """Return the placed facts of living contacts that are of these kinds, in no order; made for many contacts.

    In PostgreSQL's binary format: Django's own cursors read each time as text, at ten times the cost.
    """
    connection.ensure_connection()
    sql = f"SELECT {COLUMNS} FROM facts_of(%s::bigint[]) WHERE kind = ANY (%s)"  # noqa: S608 - our own names
    with slow.timed(sql), connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            sql.encode(),
            [list(contact_ids), sorted(kinds)],
            binary=True,
        )
        return [Fact._make(row) for row in cursor.fetchall()]


def with_sales(contact_ids: Iterable[int]) -> list[tuple[int, str, datetime]]:
    """Return when living contacts were offered to Sales, were accepted and bought: contact, kind and time, in no order.

    Placed or not; what was withdrawn is left out. An index of these kinds alone finds them among millions.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT old.living, i.kind, i.occurred_at FROM (
                SELECT each AS id, each AS living FROM unnest(%(ids)s::bigint[]) AS each
                 UNION ALL
                SELECT old_id, living_id FROM contact_alias
                 WHERE living_id = ANY (%(ids)s::bigint[]) AND ended_by IS NULL
            ) old JOIN interaction i ON i.contact_id = old.id AND i.kind IN {WITH_SALES}
             WHERE NOT EXISTS (
                SELECT FROM ledger_correction c WHERE c.interaction_id = i.id AND c.ended_by IS NULL)
            """,  # noqa: S608 - our own kinds
            {"ids": as_array(contact_ids)},
        )
        return list(cursor.fetchall())


def facts_by_id(interaction_ids: Iterable[int]) -> dict[int, Fact]:
    """Return these facts as they stand now, by their ids; one that is withdrawn or has no place yet is absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM facts WHERE interaction_id = ANY (%s::bigint[])",  # noqa: S608 - our own names
            [as_array(interaction_ids)],
        )
        return {row[1]: Fact._make(row) for row in cursor.fetchall()}


def contacts_of(interaction_ids: Iterable[int]) -> dict[int, int]:
    """Return whom each of these facts is about now; one that is withdrawn or about nobody is absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT interaction_id, contact_id FROM facts WHERE interaction_id = ANY (%s) AND contact_id IS NOT NULL",
            [list(interaction_ids)],
        )
        return dict(cursor.fetchall())


def stood_with(interaction_id: int) -> int | None:
    """Return the contact with whom a fact stood before it was last moved; None for one that was not moved."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(earlier.contact_id, i.contact_id)
              FROM ledger_correction c
              JOIN interaction i ON i.id = c.interaction_id
              LEFT JOIN ledger_correction earlier ON earlier.interaction_id = i.id AND earlier.ended_by = c.made_by
             WHERE c.interaction_id = %s AND c.ended_by IS NULL AND c.contact_id IS NOT NULL
            """,
            [interaction_id],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def account_of(interaction_id: int) -> int | None:
    """Return the account at which a fact was told, though it may be withdrawn by now; None where there was none."""
    found: int | None = (
        Interaction.objects.filter(id=interaction_id).values_list("account_id", flat=True).first()
    )
    return found


def made_by(import_id: int) -> dict[int, int | None]:
    """Return the contacts that an import made, each with the account that it was made in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id, account_id FROM interaction WHERE import_id = %s AND kind = 'contact.created'",
            [import_id],
        )
        return dict(cursor.fetchall())


def told_by(import_id: int, kinds: Iterable[str]) -> tuple[set[int], set[int]]:
    """Return the contacts and the accounts that an import told facts of these kinds about, withdrawn or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT contact_id, account_id FROM interaction WHERE import_id = %s AND kind = ANY (%s)",
            [import_id, list(kinds)],
        )
        rows = cursor.fetchall()
    return (
        {contact for contact, _ in rows if contact is not None},
        {account for _, account in rows if account is not None},
    )


def told_under_old_ids(contact_ids: Iterable[int], kind: str) -> set[int]:
    """Return which facts of this kind these living contacts have from ids that were joined with them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.id FROM contact_alias a JOIN interaction i ON i.contact_id = a.old_id"
            " WHERE a.living_id = ANY (%s) AND a.ended_by IS NULL AND i.kind = %s",
            [list(contact_ids), kind],
        )
        return {identity for (identity,) in cursor.fetchall()}


def corrected(interaction_ids: Iterable[int]) -> set[int]:
    """Return which of these facts do not stand as they were written: withdrawn, or moved to another contact."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT interaction_id FROM ledger_correction WHERE interaction_id = ANY (%s) AND ended_by IS NULL",
            [list(interaction_ids)],
        )
        return {identity for (identity,) in cursor.fetchall()}


def hurried(contact_ids: Iterable[int], *, burst: int, span: timedelta) -> list[int]:
    """Return which of these contacts may have `burst` facts within `span` that a machine can make.

    Nobody who has is missing; whoever was joined with another or got a fact of another is named without a look. Opened
    mails are left out: they prove nothing, whatever their pace.
    """
    ids = list(contact_ids)
    if not ids:
        return []
    given: dict[str, Any] = {"ids": as_array(ids), "kinds": sorted(MACHINE_PRONE - {"email.opened"})}
    given |= {"back": burst - 1, "span": span}
    with connection.cursor() as cursor:
        cursor.execute(_HURRIED, given)
        return [contact for (contact,) in cursor.fetchall()]


def classes_of(interaction_ids: Iterable[int]) -> dict[int, str]:
    """Return who is said to have made these facts, where it was no person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT interaction_id, made_by FROM interaction_class WHERE interaction_id = ANY (%s::bigint[])",
            [as_array(interaction_ids)],
        )
        return dict(cursor.fetchall())


def facts_between(*, after: int, upto: int, kinds: Sequence[str]) -> list[Fact]:
    """Return the facts of these kinds with a place in (after, upto], in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM facts WHERE pos > %s AND pos <= %s AND kind = ANY (%s) ORDER BY pos",  # noqa: S608 - our own column names
            [after, upto, list(kinds)],
        )
        return [Fact._make(row) for row in cursor.fetchall()]


def told_since(pos: int, kinds: Collection[str]) -> list[tuple[str, int | None, int | None, int | None]]:
    """Return kind, contact (as it was called), account and subject of the facts of these kinds beyond a place.

    Those count too that were committed and have no place yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.kind, i.contact_id, i.account_id, i.subject_id
              FROM ledger_order o JOIN interaction i ON i.id = o.interaction_id
             WHERE o.pos > %(pos)s AND i.kind = ANY (%(kinds)s)
             UNION
            SELECT i.kind, i.contact_id, i.account_id, i.subject_id
              FROM (SELECT unnest(ids) AS id FROM ledger_noted) n JOIN interaction i USING (id)
             WHERE i.kind = ANY (%(kinds)s)
            """,
            {"pos": pos, "kinds": list(kinds)},
        )
        return list(cursor.fetchall())


def about(subject_kind: str, subject_ids: Iterable[int], *, kinds: Iterable[str]) -> dict[int, int]:
    """Return the newest fact of these kinds about each subject, by its id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, max(id) FROM interaction"
            " WHERE subject_kind = %s AND subject_id = ANY (%s) AND kind = ANY (%s) GROUP BY subject_id",
            [subject_kind, list(subject_ids), list(kinds)],
        )
        return dict(cursor.fetchall())


def all_about(subject_kind: str, subject_ids: Iterable[int], *, kinds: Iterable[str]) -> dict[int, list[int]]:
    """Return every fact of these kinds about each subject, placed or not, withdrawn or not; who has none is absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, array_agg(id ORDER BY id) FROM interaction"
            " WHERE subject_kind = %s AND subject_id = ANY (%s) AND kind = ANY (%s) GROUP BY subject_id",
            [subject_kind, list(subject_ids), list(kinds)],
        )
        return dict(cursor.fetchall())


def of_kinds(interaction_ids: Iterable[int], kinds: Iterable[str]) -> set[int]:
    """Return which of these facts, withdrawn or not, are of these kinds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM interaction WHERE id = ANY (%s) AND kind = ANY (%s)",
            [list(interaction_ids), list(kinds)],
        )
        return {identity for (identity,) in cursor.fetchall()}


def kinds_of(interaction_ids: Iterable[int]) -> dict[int, str]:
    """Return of which kind each of these facts is, withdrawn or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, kind FROM interaction WHERE id = ANY (%s)", [list(interaction_ids)])
        return dict(cursor.fetchall())


def words_of(interaction_ids: Iterable[int]) -> dict[int, str]:
    """Return what was said around these facts."""
    return dict(
        Words.objects.filter(interaction_id__in=list(interaction_ids)).values_list("interaction_id", "text")
    )


def with_words(interaction_ids: Iterable[int]) -> set[int]:
    """Return around which of these facts something was said."""
    with connection.cursor() as cursor:
        cursor.execute(
            r"SELECT interaction_id FROM interaction_words WHERE interaction_id = ANY (%s) AND text ~ '\S'",
            [list(interaction_ids)],
        )
        return {identity for (identity,) in cursor.fetchall()}


def words_count(contact_ids: Iterable[int]) -> int:
    """Return around how many facts of these ids something was said."""
    return Words.objects.filter(contact_id__in=list(contact_ids)).count()


def living(contact_ids: Iterable[int]) -> dict[int, int]:
    """Return for each id the living contact it means; itself where it was never joined."""
    ids = list(contact_ids)
    aliases = once.each("living", ids, _aliases)
    return {each: aliases.get(each, each) for each in ids}


def _aliases(ids: Collection[int]) -> dict[int, int]:
    rows = Alias.objects.filter(old_id__in=ids, ended_by__isnull=True)
    return dict(rows.values_list("old_id", "living_id"))


def ids_of(contact_id: int) -> tuple[int, list[int]]:
    """Return the living contact that an id means, and every id that means it, itself first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT old_id, living_id FROM contact_alias WHERE ended_by IS NULL AND living_id = coalesce(
                (SELECT living_id FROM contact_alias WHERE old_id = %(id)s AND ended_by IS NULL), %(id)s)
            """,
            {"id": contact_id},
        )
        olds = dict(cursor.fetchall())
    living = olds.get(contact_id, contact_id)
    once.keep_each("living", {**olds, contact_id: living, living: None})
    once.keep(("all_ids", frozenset([living])), olds)
    return living, [living, *sorted(olds)]


def all_ids(contact_ids: Iterable[int]) -> dict[int, int]:
    """Return every id that means one of these living contacts, themselves included, with the contact it means."""
    ids = list(contact_ids)
    rows = Alias.objects.filter(living_id__in=ids, ended_by__isnull=True).values_list("old_id", "living_id")
    olds = once.asked(("all_ids", frozenset(ids)), lambda: dict(rows))
    return {**{each: each for each in ids}, **olds}
