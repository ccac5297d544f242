"""How an import is undone: what it made goes, what it changed goes back, and what happened since stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from orchard.contacts.models import (
    Account,
    AccountExternalId,
    Contact,
    ContactEmail,
    ContactPhone,
    ExternalId,
    ImportedBatch,
)
from orchard.contacts.types import Entity
from orchard.interactions import actions as ledger
from orchard.interactions.types import Lane

# Fields that an import may set, and what their values in the history are in PostgreSQL.
_COLUMNS = {
    Entity.CONTACT: {
        **dict.fromkeys(
            (
                "full_name",
                "first_name",
                "last_name",
                "title",
                "seniority",
                "department",
                "country",
                "city",
                "language",
                "time_zone",
                "linkedin_slug",
            ),
            "text",
        ),
        "is_competitor": "boolean",
        "account_id": "bigint",
    },
    Entity.ACCOUNT: {
        **dict.fromkeys(("name", "domain", "industry", "country", "region", "city", "currency"), "text"),
        "employees": "bigint",
        "annual_revenue": "bigint",
    },
}

# Facts that follow from an import by themselves: they hold nobody back.
_CONSEQUENCES = (
    "verdict.changed",
    "verdict.due",
    "stage.entered",
    "lead.waiting",
    "lead.joined",
    "lead.left",
    "lead.offered",
    "lead.expired",
    "lead.taken_back",
    "lead.released",
    "lead.escalated",
    "lead.withdrawn",
    "program.entered",
    "program.left",
    "fact.withdrawn",
    "import.undone",
)

_LIVED_ON = """
SELECT DISTINCT i.contact_id FROM interaction i
 WHERE i.contact_id = ANY (%(ids)s) AND i.import_id IS DISTINCT FROM %(import_id)s AND i.kind <> ALL (%(kinds)s)
UNION SELECT old_id FROM contact_alias WHERE old_id = ANY (%(ids)s)
UNION SELECT living_id FROM contact_alias WHERE living_id = ANY (%(ids)s)
"""

# The value before the import comes back where nobody changed the field after it.
_RESTORE = """
WITH before AS (
    SELECT DISTINCT ON (h.entity_id) h.entity_id AS id, h.value FROM field_history h
     WHERE h.import_id = %(import_id)s AND h.entity = %(entity)s AND h.field = %(field)s
       AND NOT EXISTS (SELECT FROM field_history later
                        WHERE later.entity = h.entity AND later.entity_id = h.entity_id AND later.field = h.field
                          AND later.id > h.id AND later.import_id IS DISTINCT FROM h.import_id)
     ORDER BY h.entity_id, h.id
), locked AS (
    SELECT c.id, before.value, {current} AS current FROM before JOIN {table} c ON c.id = before.id
     WHERE c.erased_at IS NULL FOR NO KEY UPDATE OF c
), kept AS (
    INSERT INTO field_history (entity, entity_id, field, value, valid_until)
    SELECT %(entity)s, id, %(field)s, current, %(now)s FROM locked
)
UPDATE {table} c SET {restored}, updated_at = %(now)s FROM locked WHERE c.id = locked.id RETURNING c.id, locked.current
"""


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: contacts removed, contacts kept since things happened with them, records restored."""

    removed: int
    kept: int
    restored: int


@transaction.atomic
def undo_import(*, import_id: int, now: datetime) -> Undone:
    """Take back what `upsert_batch` did under this import, but for what others changed or did since.

    The facts of the import are withdrawn by whoever runs the import; rows of rooms above that hang on its contacts
    must be gone before.
    """
    batches = list(ImportedBatch.objects.select_for_update().filter(import_id=import_id))
    created = [each for batch in batches for each in batch.contacts]
    restored, left = _restore(import_id, now)
    ContactEmail.objects.filter(id__in=[each for batch in batches for each in batch.emails]).delete()
    ContactPhone.objects.filter(id__in=[each for batch in batches for each in batch.phones]).delete()
    ExternalId.objects.filter(id__in=[each for batch in batches for each in batch.ids]).delete()
    AccountExternalId.objects.filter(
        id__in=[each for batch in batches for each in batch.account_ids]
    ).delete()
    removed = _remove_contacts(import_id, created)
    accounts = [each for batch in batches for each in batch.accounts]
    _remove_accounts(accounts)
    changed = sorted(restored[Entity.CONTACT] - set(created))
    told = [
        *((contact_id, None, "contact.changed") for contact_id in changed),
        *(
            (None, each, "account.changed")
            for each in sorted((restored[Entity.ACCOUNT] | left) - set(accounts))
        ),
    ]
    ledger.append_rows(
        [
            (None, contact_id, account_id, "", None, kind, now, "", None, None, None, None, "")
            for contact_id, account_id, kind in told
        ],
        now=now,
        lane=Lane.BULK,
    )
    ImportedBatch.objects.filter(import_id=import_id).delete()
    return Undone(removed=removed, kept=len(created) - removed, restored=len(changed))


def _restore(import_id: int, now: datetime) -> tuple[dict[Entity, set[int]], set[int]]:
    """Give fields back what they held before; return the records restored, and the accounts that people left by it."""
    left: set[int] = set()
    restored_ids: dict[Entity, set[int]] = {entity: set() for entity in Entity}
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT entity, field FROM field_history WHERE import_id = %s", [import_id])
        for entity, field in cursor.fetchall():
            own = field.removeprefix("custom.")
            sort = _COLUMNS[Entity(entity)].get(field)
            if sort:
                current = f"to_jsonb(c.{field})"
                restored = f"{field} = (locked.value #>> '{{}}')::{sort}"
            else:
                current = "c.custom -> %(own)s"
                restored = (
                    "custom = CASE WHEN locked.value IS NULL THEN c.custom - %(own)s"
                    " ELSE c.custom || jsonb_build_object(%(own)s::text, locked.value) END"
                )
            cursor.execute(
                _RESTORE.format(table=entity, current=current, restored=restored),
                {"import_id": import_id, "entity": entity, "field": field, "own": own, "now": now},
            )
            rows = cursor.fetchall()
            restored_ids[Entity(entity)].update(record for record, _ in rows)
            if field == "account_id":
                left.update(int(account) for _, account in rows if account is not None)
    return restored_ids, left


def _remove_contacts(import_id: int, created: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            _LIVED_ON, {"ids": list(created), "import_id": import_id, "kinds": list(_CONSEQUENCES)}
        )
        kept = {row[0] for row in cursor.fetchall()}
    removed, _ = Contact.objects.filter(id__in=[each for each in created if each not in kept]).delete()
    return len(created) - len(kept) if removed else 0


def _remove_accounts(created: Sequence[int]) -> None:
    """Remove companies that the import made and nobody belongs to or speaks of."""
    idle = Account.objects.filter(
        id__in=created,
        contacts__isnull=True,
        children__isnull=True,
        owner__isnull=True,
        files__isnull=True,
    )
    idle.delete()
