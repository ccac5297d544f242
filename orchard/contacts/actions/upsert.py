"""How thousands of rows become contacts at once: whose each row is, what is new, what changed, and nothing twice."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DataError, IntegrityError, OperationalError, transaction

from orchard.contacts.actions.claims import claim_of, erased_rows, keys_of
from orchard.contacts.actions.doubt import note_doubts
from orchard.contacts.actions.staging import (
    Applied,
    add_emails,
    add_ids,
    add_phones,
    apply_changes,
    copy_rows,
    new_ids,
)
from orchard.contacts.actions.upsert_accounts import Accounts, upsert_accounts
from orchard.contacts.models import ImportedBatch
from orchard.contacts.rules import Key, Verdict, assign, full_name, name_keys, unfit
from orchard.contacts.types import Entity, IncomingRow, Outcome, RowResult
from orchard.interactions import actions as ledger
from orchard.interactions.types import Lane
from orchard.kit.garbage import uncollected
from orchard.kit.words import marked

_ATTEMPTS = 3
_STRANGER = marked("Nobody is known by this row's address or id, and the map says to reject such rows.")


@dataclass(frozen=True, slots=True)
class _Task:
    """What the caller asked for."""

    rows: Sequence[IncomingRow]
    columns: tuple[str, ...]
    account_columns: tuple[str, ...]
    import_id: int | None
    now: datetime
    lane: Lane
    create: bool


def upsert_batch(
    rows: Sequence[IncomingRow],
    *,
    contact_columns: Sequence[str],
    account_columns: Sequence[str] = (),
    import_id: int | None,
    now: datetime,
    lane: Lane = Lane.BULK,
    create: bool = True,
) -> list[RowResult]:
    """Create, update or leave the contacts that `rows` tell of, in one transaction; 10,000 rows at once are best.

    Without `create`, rows of people that nobody knows yet are rejected. Returns one result for each row, in order.
    The same rows again change nothing; a row that names two known people is rejected with the reason. Appends
    `contact.created`, `contact.changed` and `account.changed`.
    """
    task = _Task(rows, tuple(contact_columns), tuple(account_columns), import_id, now, lane, create)
    refused: dict[int, str] = {}
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic(), uncollected():
                return _run(task, refused)
        except DataError:
            if refused or not (refused := unfit(rows, contact_columns, account_columns)):
                raise
        except (IntegrityError, OperationalError):
            # Somebody made the same person by hand in this very moment, or held it: look again.
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError


@dataclass(slots=True)
class _People:
    """What a batch says of each person: one row each, later rows of the same person laid over the first."""

    rows: dict[int, IncomingRow] = field(default_factory=dict)
    accounts: dict[int, int | None] = field(default_factory=dict)
    repeats: dict[int, bool] = field(default_factory=dict)
    """Of a person's further rows, by place: whether they said anything new."""

    def take(self, place: int, owner: int, row: IncomingRow, account_id: int | None) -> None:
        """Take in what a row says of its owner; the last word wins."""
        before = self.rows.get(owner)
        if before is None:
            self.rows[owner] = row
            self.accounts[owner] = account_id
            return
        self.rows[owner] = after = _laid_over(before, row)
        account_before = self.accounts[owner]
        self.accounts[owner] = account_id or account_before
        self.repeats[place] = before != after or self.accounts[owner] != account_before


def _laid_over(first: IncomingRow, then: IncomingRow) -> IncomingRow:
    return first._replace(
        contact=tuple(
            old if new is None else new for old, new in zip(first.contact, then.contact, strict=True)
        ),
        custom={**(first.custom or {}), **then.custom} if then.custom else first.custom,
        emails=_union(first.emails, then.emails, key=1),
        phones=_union(first.phones, then.phones, key=0),
        ids=tuple(dict.fromkeys((*first.ids, *then.ids))),
    )


def _union(first: Sequence[Any], then: Sequence[Any], *, key: int) -> Sequence[Any]:
    known = {each[key] for each in first}
    return (*first, *(each for each in then if each[key] not in known))


def _run(task: _Task, unfit_rows: Mapping[int, str]) -> list[RowResult]:
    keys = keys_of(task.rows, task.columns)
    refused = {**erased_rows(task.rows), **unfit_rows}
    kept = [place for place in range(len(keys)) if place not in refused]
    claim = claim_of(keys[place] for place in kept)
    known = frozenset(claim.owners)
    verdicts = dict(zip(kept, assign([keys[place] for place in kept], claim), strict=True))
    refused |= {place: verdict.reason for place, verdict in verdicts.items() if not verdict.owner}
    if not task.create:
        refused |= {place: _STRANGER for place, verdict in verdicts.items() if verdict.owner < 0}
    taken = {place: verdict for place, verdict in verdicts.items() if place not in refused}
    accounts = upsert_accounts(
        [task.rows[place] for place in taken], task.account_columns, import_id=task.import_id, now=task.now
    )
    people = _People()
    for (place, verdict), account_id in zip(taken.items(), accounts.of_row, strict=True):
        people.take(place, verdict.owner, task.rows[place], account_id)
    created = _create(task, people)
    changed = _change(task, people, known)
    _tell(task, people, created, changed, accounts)
    return _answer(task, taken, refused, accounts, _Done(created, changed.people, people.repeats))


class _Namer:
    """Finds the full name and its two keys in the values of a row."""

    def __init__(self, columns: Sequence[str]) -> None:
        full, first, last = (
            columns.index(name) if name in columns else None
            for name in ("full_name", "first_name", "last_name")
        )
        self.full, self.first, self.last = full, first, last
        self.is_asked = (full, first, last) != (None, None, None)

    def names(self, values: Sequence[Any], *, is_new: bool) -> tuple[str | None, str | None, str | None]:
        """Return name, name key and person key. Half a name completes nobody's known name."""
        name = values[self.full] if self.full is not None else None
        if name is None:
            first = values[self.first] if self.first is not None else None
            last = values[self.last] if self.last is not None else None
            if is_new or (first and last):
                name = full_name(first, last)
        return (name, *name_keys(name)) if name else (None, None, None)


_NAMES = ("full_name", "name_key", "person_key")


def _create(task: _Task, people: _People) -> dict[int, int]:
    """Copy new people in, with all that is theirs; return the id of each."""
    owners = [owner for owner in people.rows if owner < 0]
    if not owners:
        return {}
    ids = dict(zip(owners, new_ids("contact", len(owners)), strict=True))
    fresh = [(ids[owner], people.rows[owner]) for owner in owners]
    at = task.now.isoformat()
    names = _Namer(task.columns).names
    keep = _keeper(task.columns)
    copy_rows(
        "contact",
        ("id", *_NAMES, *keep(task.columns), "account_id", "custom", "created_at", "updated_at"),
        (
            (
                contact_id,
                *names(row.contact, is_new=True),
                *keep(row.contact),
                people.accounts[owner],
                json.dumps(row.custom) if row.custom else "{}",
                at,
                at,
            )
            for owner, (contact_id, row) in zip(owners, fresh, strict=True)
        ),
    )
    copy_rows(
        "contact_email",
        ("contact_id", "address", "normal", "is_primary", "created_at"),
        (
            (contact_id, address, normal, not place, at)
            for contact_id, row in fresh
            for place, (address, normal) in enumerate(_once(row.emails, key=1))
        ),
    )
    copy_rows(
        "contact_external_id",
        ("contact_id", "source", "value", "created_at"),
        (
            (contact_id, source, value, at)
            for contact_id, row in fresh
            for source, value in dict.fromkeys(row.ids)
        ),
    )
    copy_rows(
        "contact_phone",
        ("contact_id", "number", "normal", "label", "created_at"),
        (
            (contact_id, number, normal, label, at)
            for contact_id, row in fresh
            for number, normal, label in _once(row.phones, key=0)
        ),
    )
    return ids


def _once(given: Sequence[Any], *, key: int) -> Sequence[Any]:
    """Leave out what a row names twice."""
    return given if len(given) <= 1 else list({each[key]: each for each in reversed(given)}.values())[::-1]


def _keeper(columns: Sequence[str]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Return what leaves the full name out of a row's values: it is written with its keys."""
    if "full_name" not in columns:
        return lambda values: values
    place = columns.index("full_name")
    return lambda values: (*values[:place], *values[place + 1 :])


@dataclass(slots=True)
class _Changed:
    """Known people that the batch changed, and the ids of what was added to them."""

    people: set[int] = field(default_factory=set)
    emails: list[int] = field(default_factory=list)
    phones: list[int] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    left: set[int] = field(default_factory=set)
    """The accounts that some of them left."""


def _change(task: _Task, people: _People, known: frozenset[Key]) -> _Changed:
    old = {owner: row for owner, row in people.rows.items() if owner > 0}
    if not old:
        return _Changed()
    emails = add_emails(
        [
            (owner, address, normal)
            for owner, row in old.items()
            for address, normal in _once(row.emails, key=1)
            if normal not in known
        ],
        now=task.now,
    )
    ids = add_ids(
        Entity.CONTACT,
        [
            (owner, *each)
            for owner, row in old.items()
            for each in dict.fromkeys(row.ids)
            if each not in known
        ],
        now=task.now,
    )
    phones = add_phones(
        [(owner, *phone) for owner, row in old.items() for phone in _once(row.phones, key=0)], now=task.now
    )
    changed, left = _apply(task, old, people.accounts, known)
    changed.update(owner for owner, _ in (*emails, *ids, *phones))
    return _Changed(
        changed,
        emails=[added for _, added in emails],
        phones=[added for _, added in phones],
        ids=[added for _, added in ids],
        left=left,
    )


def _apply(
    task: _Task, old: Mapping[int, IncomingRow], accounts: Mapping[int, int | None], known: frozenset[Key]
) -> Applied:
    namer = _Namer(task.columns)
    keep = _keeper(task.columns)
    with_custom = any(row.custom for row in old.values())
    with_account = any(accounts[owner] for owner in old)
    columns = [
        *(_NAMES if namer.is_asked else ()),
        *keep(task.columns),
        *(["account_id"] if with_account else []),
        *(["custom"] if with_custom else []),
    ]
    if not columns:
        return Applied(set(), set())
    return apply_changes(
        Entity.CONTACT,
        columns,
        (
            (
                owner,
                True,
                *(namer.names(row.contact, is_new=False) if namer.is_asked else ()),
                *keep(values),
                *([accounts[owner]] if with_account else ()),
                *([json.dumps(row.custom) if row.custom else None] if with_custom else ()),
            )
            for owner, row, values in _without_known_profiles(task.columns, old, known)
        ),
        now=task.now,
        import_id=task.import_id,
    )


def _without_known_profiles(
    columns: Sequence[str], old: Mapping[int, IncomingRow], known: frozenset[Key]
) -> Iterator[tuple[int, IncomingRow, Sequence[Any]]]:
    """Leave out a profile that is the person's already: a merged record may keep it, and it has one place."""
    place = columns.index("linkedin_slug") if "linkedin_slug" in columns else None
    for owner, row in old.items():
        values = row.contact
        if place is not None and values[place] in known:
            values = (*values[:place], None, *values[place + 1 :])
        yield owner, row, values


def _tell(
    task: _Task,
    people: _People,
    created: Mapping[int, int],
    changed: _Changed,
    accounts: Accounts,
) -> None:
    """Append the facts, note doubts about the new people, and keep what an undo needs."""
    told: dict[str, list[tuple[int | None, int | None]]] = {
        "contact.created": [(contact_id, people.accounts[owner]) for owner, contact_id in created.items()],
        "contact.changed": [
            (contact_id, people.accounts[contact_id]) for contact_id in sorted(changed.people)
        ],
        "account.changed": [(None, account_id) for account_id in sorted(accounts.changed | changed.left)],
    }
    for kind, about in told.items():
        ledger.tell(kind, about, now=task.now, lane=task.lane, import_id=task.import_id)
    note_doubts(list(created.values()), now=task.now)
    if task.import_id is not None and (created or changed.people or accounts.created or accounts.added_ids):
        ImportedBatch.objects.create(
            import_id=task.import_id,
            contacts=list(created.values()),
            accounts=accounts.created,
            emails=changed.emails,
            phones=changed.phones,
            ids=changed.ids,
            account_ids=accounts.added_ids,
            at=task.now,
        )


class _Done(NamedTuple):
    """What was done, as the answer needs it."""

    created: Mapping[int, int]
    changed: set[int]
    repeats: Mapping[int, bool]


def _answer(
    task: _Task,
    taken: Mapping[int, Verdict],
    refused: Mapping[int, str],
    accounts: Accounts,
    done: _Done,
) -> list[RowResult]:
    account_of = dict(zip(taken, accounts.of_row, strict=True))
    results = []
    for place, row in enumerate(task.rows):
        verdict = taken.get(place)
        if verdict is None:
            results.append(RowResult(row.number, None, None, Outcome.REJECTED, refused[place]))
            continue
        owner, account_id = verdict.owner, account_of[place]
        if verdict.is_first:
            outcome = Outcome.CREATED
        elif (
            done.repeats.get(place, False)
            if owner < 0
            else owner in done.changed or account_id in accounts.changed
        ):
            outcome = Outcome.UPDATED
        else:
            outcome = Outcome.UNCHANGED
        results.append(RowResult(row.number, done.created.get(owner, owner), account_id, outcome))
    return results
