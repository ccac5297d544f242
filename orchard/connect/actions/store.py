"""How one chunk of rows is stored: contacts, consents, facts, refusals and counts in one transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F

from orchard.campaigns import actions as campaigns
from orchard.connect.csv import ImportMap
from orchard.connect.csv.types import Cell, Reject, Row, RowFact
from orchard.connect.models import Import, RejectedRow
from orchard.connect.types import LEASE, Counts, Lost, State
from orchard.contacts import actions as contacts
from orchard.contacts.types import IncomingConsent, IncomingRow, Outcome, RowResult
from orchard.content import actions as contents
from orchard.interactions import actions as ledger
from orchard.interactions.types import KINDS, Lane, brings

_MANY = frozenset({"email", "phone", "external_id"})


class Plan(NamedTuple):
    """Which columns the rows of a file fill, what they are about, and what is done with people nobody knows."""

    contact_columns: tuple[str, ...]
    account_columns: tuple[str, ...]
    about: str
    create: bool


class Chunk(NamedTuple):
    """Rows that are stored in one transaction, with what can be made ready while the database stores those before."""

    rows: Sequence[Row]
    incoming: Sequence[IncomingRow]
    facts: Sequence[Sequence[tuple[RowFact, str]]]
    """The facts of each row, each with what besides its contact makes it the same fact."""
    rejects: Sequence[Reject]
    last_row: int

    @property
    def size(self) -> int:
        """How many rows of the file these are."""
        return len(self.rows) + len(self.rejects)


def chunk_of(found: Sequence[Row | Reject], plan: Plan) -> Chunk:
    """Make rows as they were read ready to be stored."""
    rows = [each for each in found if isinstance(each, Row)]
    incoming = [] if plan.about == "campaigns" else [_incoming(row, plan) for row in rows]
    facts = [[(fact, _said(fact)) for fact in row.facts] for row in rows]
    return Chunk(
        rows, incoming, facts, [each for each in found if isinstance(each, Reject)], found[-1].number
    )


def plan_of(map_: ImportMap) -> Plan:
    """Return the plan that a map makes."""
    single = [
        name for name in map_.contact if not name.startswith(("account.", "custom.")) and name not in _MANY
    ]
    of_account = [name.removeprefix("account.") for name in map_.contact if name.startswith("account.")]
    people = any(not name.startswith("account.") for name in map_.contact)
    columns = dict.fromkeys("linkedin_slug" if name == "linkedin" else name for name in single)
    if columns.keys() & {"first_name", "last_name"}:
        columns = {"full_name": None, **columns}
    of_account = [name for name in of_account if not name.startswith("custom.") and name != "external_id"]
    if "annual_revenue" in of_account:
        of_account.append("currency")
    about = "contacts" if people else "accounts" if map_.contact else "campaigns"
    return Plan(tuple(columns), tuple(of_account), about, map_.unknown_contacts == "create")


@transaction.atomic
def store_chunk(*, import_id: int, token: UUID, chunk: Chunk, plan: Plan, now: datetime) -> Counts:
    """Store a chunk and move the import on by it, in one transaction. Raises `Lost` where `token` does not hold."""
    made = Import.objects.select_for_update().filter(id=import_id, claim=token).first()
    if made is None or made.state not in {State.RUNNING, State.CANCELLING}:
        raise Lost("Another process has taken this import over.")
    stored = _store_rows(made, chunk, plan, now)
    rejects = [*chunk.rejects, *stored.rejects]
    RejectedRow.objects.bulk_create(
        [
            RejectedRow(
                made_by_id=import_id, row=each.number, reason=each.reason, cells=plain_cells(each.cells)
            )
            for each in rejects
        ],
        batch_size=2_000,
    )
    counts = Counts(
        rows=chunk.size,
        created=stored.outcomes[Outcome.CREATED],
        updated=stored.outcomes[Outcome.UPDATED],
        unchanged=stored.outcomes[Outcome.UNCHANGED],
        rejected=len(rejects),
        interactions=stored.interactions,
    )
    Import.objects.filter(id=import_id).update(
        last_row=chunk.last_row,
        claimed_until=now + LEASE,
        **{name: F(name) + getattr(counts, name) for name in Counts.__dataclass_fields__},
    )
    return counts


class _Stored(NamedTuple):
    outcomes: Counter[Outcome]
    rejects: list[Reject]
    interactions: int


def _store_rows(made: Import, chunk: Chunk, plan: Plan, now: datetime) -> _Stored:
    rows, incoming = chunk.rows, chunk.incoming
    lane = Lane.LIVE if made.loud else Lane.BULK
    if plan.about == "campaigns":
        results = _campaigns(rows, now)
    else:
        shared: dict[str, Any] = {
            "account_columns": plan.account_columns,
            "import_id": made.id,
            "now": now,
            "lane": lane,
        }
        if plan.about == "accounts":
            results = contacts.upsert_companies(incoming, **shared)
        else:
            results = contacts.upsert_batch(
                incoming, contact_columns=plan.contact_columns, create=plan.create, **shared
            )
    taken = [(row, result) for row, result in zip(rows, results, strict=True) if result.contact_id]
    told = _tell(made, zip(results, chunk.facts, strict=True), lane, now)
    contacts.note_consents(
        [
            IncomingConsent(result.contact_id, *consent)
            for row, result in taken
            if result.contact_id
            for consent in row.consents
        ],
        source=f"import {made.id}",
        import_id=made.id,
        lane=lane,
        now=now,
    )
    late = [
        Reject(result.number, result.reason, []) for result in results if result.outcome is Outcome.REJECTED
    ]
    return _Stored(Counter(result.outcome for result in results), late, told)


def _incoming(row: Row, plan: Plan) -> IncomingRow:
    return IncomingRow(
        row.number,
        tuple(map(row.contact.get, plan.contact_columns)),
        tuple(map(row.account.get, plan.account_columns)),
        row.emails,
        row.phones,
        row.external_ids,
        row.account_external_ids,
        row.custom or None,
        row.account_custom or None,
    )


def _campaigns(rows: Sequence[Row], now: datetime) -> list[RowResult]:
    outcomes = campaigns.upsert_campaigns([row.campaign for row in rows], now=now)
    return [
        RowResult(row.number, None, None, Outcome(outcome))
        for row, outcome in zip(rows, outcomes, strict=True)
    ]


def _tell(
    made: Import,
    given: Iterable[tuple[RowResult, Sequence[tuple[RowFact, str]]]],
    lane: Lane,
    now: datetime,
) -> int:
    """Append the facts of the rows that were stored, note sources and words; return how many facts are new."""
    keyed = [
        (_key(made, result.contact_id, fact, said), (result.contact_id, result.account_id, fact))
        for result, mine in given
        if result.contact_id
        for fact, said in mine
    ]
    facts = [fact for _, fact in keyed]
    if not facts:
        return 0
    campaign_ids = campaigns.ensure_campaigns(
        {fact.campaign for _, _, fact in facts if fact.campaign}, now=now
    )
    content_ids = contents.ensure_contents({fact.content for _, _, fact in facts if fact.content}, now=now)
    ids = ledger.append_rows(
        [
            (
                ledger.key_of(key),
                contact_id,
                account_id,
                "",
                None,
                fact.kind,
                fact.at,
                KINDS[fact.kind].direction,
                campaign_ids.get(fact.campaign or ""),
                content_ids.get(fact.content or ""),
                None,
                fact.amount,
                fact.currency,
            )
            for key, (contact_id, account_id, fact) in keyed
        ],
        now=now,
        lane=lane,
        import_id=made.id,
    )
    campaigns.add_sources(
        [
            (contact_id, campaign_ids[fact.campaign], fact.at)
            for contact_id, _, fact in facts
            if fact.campaign in campaign_ids and contact_id and brings(fact.kind)
        ],
        import_id=made.id,
    )
    ledger.keep_words(
        (identity, contact_id, fact.words)
        for identity, (contact_id, _, fact) in zip(ids, facts, strict=True)
        if identity and fact.words
    )
    return sum(identity is not None for identity in ids)


def _key(made: Import, contact_id: int, fact: RowFact, said: str) -> str:
    """Return what makes a fact the same fact when another file, or the same file again, tells of it."""
    if fact.key:
        return f"{fact.kind} {made.known or 'file'} {fact.key}"
    return f"{fact.kind} {contact_id} {said}"


def _said(fact: RowFact) -> str:
    """Return what besides its contact tells a fact without a key of its own from others of its kind."""
    at = "" if fact.once else fact.at.isoformat()
    return f"{at} {fact.campaign} {fact.content} {fact.amount} {fact.currency}"


def plain_cells(cells: Sequence[Cell]) -> list[Any]:
    """Return cells as JSON holds them; NUL, which no database text holds, is left out."""
    return [
        cell.replace("\0", "")
        if isinstance(cell, str)
        else cell
        if isinstance(cell, int | float | bool)
        else str(cell)
        for cell in cells
    ]
