"""How one chunk of rows is stored: in one transaction whom it names, in the next what they did, each with counts."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from orchard.campaigns import actions as campaigns
from orchard.connect.csv import ImportMap
from orchard.connect.csv.types import Cell, Reject, Row, RowFact
from orchard.connect.models import Import, StoredChunk
from orchard.connect.types import LEASE, Counts, Lost, State
from orchard.contacts import actions as contacts
from orchard.contacts.types import IncomingConsent, IncomingRow, Outcome, RowResult
from orchard.content import actions as contents
from orchard.interactions import actions as ledger
from orchard.interactions.types import KINDS, Lane, brings
from orchard.kit.copying import write_rows
from orchard.kit.errors import Refused
from orchard.kit.ids import as_array
from orchard.kit.words import kept, marked

LOST = marked("Another process has taken this import over.")

_MANY = frozenset({"email", "phone", "external_id"})


class Plan(NamedTuple):
    """Which columns the rows of a file fill, what they are about, and what is done with people nobody knows."""

    contact_columns: tuple[str, ...]
    account_columns: tuple[str, ...]
    about: str
    create: bool


class _Told(NamedTuple):
    """A fact of a row, its time as text, and what besides its contact makes it the same fact."""

    fact: RowFact
    at: str
    said: str


class Chunk(NamedTuple):
    """Rows that are stored together, with what can be made ready before it is their turn."""

    rows: Sequence[Row]
    incoming: Sequence[IncomingRow]
    facts: Sequence[Sequence[_Told]]
    """The facts of each row."""
    rejects: Sequence[Reject]
    after_row: int
    """The last row of the chunk before."""
    last_row: int
    remarks: Mapping[str, int]
    """What was left out of how many rows without refusing them, by sentence."""

    @property
    def size(self) -> int:
        """How many rows of the file these are."""
        return len(self.rows) + len(self.rejects)


def chunk_of(
    found: Sequence[Row | Reject], plan: Plan, *, after_row: int, remarks: Mapping[str, int]
) -> Chunk:
    """Make rows as they were read ready to be stored; `after_row` is the last of those before."""
    rows = [each for each in found if isinstance(each, Row)]
    incoming = [] if plan.about == "campaigns" else [_incoming(row, plan) for row in rows]
    facts = [[_told(fact) for fact in row.facts] for row in rows]
    rejects = [each for each in found if isinstance(each, Reject)]
    return Chunk(rows, incoming, facts, rejects, after_row, found[-1].number, remarks)


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


@dataclass(frozen=True, slots=True)
class Errand:
    """Which import is run, by the token of whose claim, and what its rows fill.

    `at_once`: nobody may be seen without what the file says of them, because somebody is told of it, or because it is a
    consent.
    """

    import_id: int
    token: UUID
    plan: Plan
    at_once: bool = False


@transaction.atomic
def store_people(errand: Errand, chunk: Chunk, *, now: datetime) -> list[RowResult]:
    """Store whom the rows of a chunk name, and the rows that are refused; return what became of each row.

    It is kept until the facts of these rows are stored. Raises `Lost` where the claim does not hold any more, or where
    this is not the chunk that comes next.
    """
    made = _held(errand)
    contacts.hold_erasures()
    results = people_of(made, chunk, errand.plan, now=now)
    _keep_refused(made, [*chunk.rejects, *_late(results)])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO import_chunk (import_id, after_row, last_row, contacts, accounts) VALUES (%s, %s, %s, %s, %s)",
            [
                made.id,
                chunk.after_row,
                chunk.last_row,
                as_array(result.contact_id for result in results),
                as_array(result.account_id for result in results),
            ],
        )
    _move_on(errand, chunk, "people_row", counts_of(chunk, results), now=now)
    _remark(errand, chunk.remarks)
    return results


@transaction.atomic
def store_facts(errand: Errand, chunk: Chunk, results: Sequence[RowResult], *, now: datetime) -> None:
    """Tell what the rows of a chunk say of the people that `store_people` found or made. Raises as it does.

    Whoever was erased or taken back meanwhile is told nothing of.
    """
    made = _held(errand)
    if gone := contacts.gone(result.contact_id for result in results if result.contact_id):
        results = [each._replace(contact_id=None) if each.contact_id in gone else each for each in results]
    told = facts_of(made, chunk, results, now=now)
    StoredChunk.objects.filter(made_by=made, after_row=chunk.after_row).delete()
    _move_on(errand, chunk, "last_row", Counts(interactions=told), now=now)


def resumed(chunk: Chunk | None, begun: StoredChunk) -> tuple[Chunk, list[RowResult]]:
    """Return a chunk whose people are stored, and who they are. Raises `Refused` where the file is another by now."""
    if chunk is None or chunk.last_row != begun.last_row or len(chunk.rows) != len(begun.contacts):
        raise Refused("The file has changed while it was imported. Import it again; nothing is stored twice.")
    whom = zip(chunk.rows, begun.contacts, begun.accounts, strict=True)
    return chunk, [
        RowResult(row.number, contact, account, Outcome.UNCHANGED) for row, contact, account in whom
    ]


def _held(errand: Errand) -> Import:
    """Return the import, which nobody takes over until the transaction ends; its counts may move on meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM import WHERE id = %s AND claim = %s FOR KEY SHARE",
            [errand.import_id, errand.token],
        )
        if cursor.fetchone() is None:
            raise Lost(LOST)
    return Import.objects.get(id=errand.import_id)


def _keep_refused(made: Import, rejects: Sequence[Reject]) -> None:
    """Keep the rows that are refused; a file may have no others."""
    if not rejects:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY import_reject (import_id, row, reason, cells) FROM STDIN") as copy,
    ):
        write_rows(
            copy,
            (
                (made.id, each.number, json.dumps(kept(each.reason)), json.dumps(plain_cells(each.cells)))
                for each in rejects
            ),
        )


def _remark(errand: Errand, remarks: Mapping[str, int]) -> None:
    """Add to the import's remarks; its row is ours since it was moved on."""
    if remarks:
        before = Import.objects.values_list("remarks", flat=True).get(id=errand.import_id)
        Import.objects.filter(id=errand.import_id).update(remarks=dict(Counter(before) + Counter(remarks)))


def _move_on(errand: Errand, chunk: Chunk, place: str, counts: Counts, *, now: datetime) -> None:
    """Count a chunk last of all, if nobody took the import over while it was stored; all of it is taken back else."""
    mine = Import.objects.filter(
        id=errand.import_id,
        claim=errand.token,
        state__in=[State.RUNNING, State.CANCELLING],
        **{place: chunk.after_row},
    )
    new = {name: F(name) + count for name, count in asdict(counts).items() if count}
    if not mine.update(**{place: chunk.last_row}, claimed_until=now + LEASE, **new):
        raise Lost(LOST)


def counts_of(chunk: Chunk, results: Sequence[RowResult]) -> Counts:
    """Count what became of a chunk's rows; its facts are not known yet."""
    outcomes = Counter(result.outcome for result in results)
    return Counts(
        rows=chunk.size,
        created=outcomes[Outcome.CREATED],
        updated=outcomes[Outcome.UPDATED],
        unchanged=outcomes[Outcome.UNCHANGED],
        rejected=len(chunk.rejects) + outcomes[Outcome.REJECTED],
    )


def _late(results: Sequence[RowResult]) -> list[Reject]:
    """Return the rows that were refused only when they were stored."""
    return [
        Reject(result.number, result.reason, []) for result in results if result.outcome is Outcome.REJECTED
    ]


def people_of(made: Import, chunk: Chunk, plan: Plan, *, now: datetime) -> list[RowResult]:
    """Find or make whom the rows of a chunk name, in the caller's transaction: people, companies or campaigns."""
    if plan.about == "campaigns":
        return _campaigns(chunk.rows, now)
    shared: dict[str, Any] = {
        "account_columns": plan.account_columns,
        "import_id": made.id,
        "now": now,
        "lane": _lane(made),
    }
    if plan.about == "accounts":
        return contacts.upsert_companies(chunk.incoming, **shared)
    return contacts.upsert_batch(
        chunk.incoming, contact_columns=plan.contact_columns, create=plan.create, **shared
    )


def facts_of(made: Import, chunk: Chunk, results: Sequence[RowResult], *, now: datetime) -> int:
    """Append the facts and consents of a chunk's rows in the caller's transaction; return how many facts are new."""
    told = _tell(made, zip(results, chunk.facts, strict=True), _lane(made), now)
    contacts.note_consents(
        [
            IncomingConsent(result.contact_id, *consent)
            for row, result in zip(chunk.rows, results, strict=True)
            if result.contact_id
            for consent in row.consents
        ],
        source=f"import {made.id}",
        import_id=made.id,
        lane=_lane(made),
        now=now,
    )
    return told


def _lane(made: Import) -> Lane:
    return Lane.LIVE if made.loud else Lane.BULK


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


def _tell(made: Import, given: Iterable[tuple[RowResult, Sequence[_Told]]], lane: Lane, now: datetime) -> int:
    """Append the facts of the rows that were stored, note sources and words; return how many facts are new."""
    told = [
        (result.contact_id, result.account_id, *each)
        for result, mine in given
        if result.contact_id
        for each in mine
    ]
    if not told:
        return 0
    campaign_ids = campaigns.ensure_campaigns(
        {fact.campaign for _, _, fact, _, _ in told if fact.campaign}, now=now
    )
    content_ids = contents.ensure_contents(
        {fact.content for _, _, fact, _, _ in told if fact.content}, now=now
    )
    known = made.known or "file"
    keys = ledger.keys_of(_key(known, contact_id, fact, said) for contact_id, _, fact, _, said in told)
    ids = ledger.append_rows(
        [
            (
                key,
                contact_id,
                account_id,
                "",
                None,
                fact.kind,
                at,
                KINDS[fact.kind].direction,
                campaign_ids.get(fact.campaign or ""),
                content_ids.get(fact.content or ""),
                None,
                fact.amount,
                fact.currency,
            )
            for key, (contact_id, account_id, fact, at, _) in zip(keys, told, strict=True)
        ],
        now=now,
        lane=lane,
        import_id=made.id,
    )
    campaigns.add_sources(
        [
            (contact_id, campaign_ids[fact.campaign], fact.at)
            for contact_id, _, fact, _, _ in told
            if fact.campaign in campaign_ids and brings(fact.kind)
        ],
        import_id=made.id,
    )
    ledger.keep_words(
        (identity, contact_id, fact.words)
        for identity, (contact_id, _, fact, _, _) in zip(ids, told, strict=True)
        if identity and fact.words
    )
    return sum(identity is not None for identity in ids)


def _key(known: str, contact_id: int, fact: RowFact, said: str) -> str:
    """Return what makes a fact the same fact when another file, or the same file again, tells of it."""
    return f"{fact.kind} {known} {fact.key}" if fact.key else f"{fact.kind} {contact_id} {said}"


def _told(fact: RowFact) -> _Told:
    at = fact.at.isoformat()
    said = f"{'' if fact.once else at} {fact.campaign} {fact.content} {fact.amount} {fact.currency}"
    return _Told(fact, at, said)


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
