"""How rows that tell of companies alone are stored: found, made and filled in as those of people are."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from orchard.contacts.actions.upsert_accounts import upsert_accounts
from orchard.contacts.models import ImportedBatch
from orchard.contacts.types import IncomingRow, Outcome, RowResult
from orchard.interactions import actions as ledger
from orchard.interactions.types import Lane
from orchard.kit.words import marked


@transaction.atomic
def upsert_companies(
    rows: Sequence[IncomingRow],
    *,
    account_columns: Sequence[str],
    import_id: int | None,
    now: datetime,
    lane: Lane = Lane.BULK,
) -> list[RowResult]:
    """Create, update or leave the companies that `rows` tell of; return one result for each row, in order."""
    accounts = upsert_accounts(rows, account_columns, import_id=import_id, now=now)
    ledger.tell(
        "account.changed",
        [(None, account_id) for account_id in sorted({*accounts.changed, *accounts.created})],
        now=now,
        lane=lane,
        import_id=import_id,
    )
    if import_id is not None and (accounts.created or accounts.added_ids):
        ImportedBatch.objects.create(
            import_id=import_id, accounts=accounts.created, account_ids=accounts.added_ids, at=now
        )
    created, results = set(accounts.created), []
    for row, account_id in zip(rows, accounts.of_row, strict=True):
        if account_id is None:
            outcome, reason = Outcome.REJECTED, marked("This row names no company.")
        elif account_id in created:
            created.discard(account_id)
            outcome, reason = Outcome.CREATED, ""
        else:
            changed = account_id in accounts.changed
            outcome, reason = (Outcome.UPDATED if changed else Outcome.UNCHANGED), ""
        results.append(RowResult(row.number, None, account_id, outcome, reason))
    return results
