"""How thousands of rows become contacts at once: whose each row is, what is new, what changed, and nothing twice."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, OperationalError, transaction

from orchard.contacts.actions.claims import claim_of, erased_rows, keys_of
from orchard.contacts.actions.doubt import note_doubts
from orchard.contacts.actions.staging import (
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

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Task:
    """What the caller asked for."""

    rows: Sequence[IncomingRow]
    columns: tuple[str, ...]
    account_columns: tuple[str, ...]
    import_id: int | None
    now: datetime
    lane: Lane


def upsert_batch(
    rows: Sequence[IncomingRow],
    *,
    contact_columns: Sequence[str],
    account_columns: Sequence[str] = (),
    import_id: int | None,
    now: datetime,
    lane: Lane = Lane.BULK,
) -> list[RowResult]:
    """Create, update or leave the contacts that `rows` tell of, in one transaction; 10,000 rows at once are best.

    Returns one result for each row, in order. The same rows again change nothing; a row that names two known people
    is rejected with the reason. Appends `contact.created`, `contact.changed` and `account.changed`.
    """
    task = _Task(rows, tuple(contact_columns), tuple(account_columns), import_id, now, lane)
    refused: dict[int, str] = {}
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
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
class _Person:
    """What all rows of a batch say of one contact; the last word wins."""

    values: list[Any]
    account_id: int | None
    custom: dict[str, Any]
    emails: dict[str, str] = field(default_factory=dict)
    phones: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    ids: dict[tuple[str, str], None] = field(default_factory=dict)

    def add(self, row: IncomingRow, account_id: int | None) -> bool:
        """Take in what a further row says; return whether that was anything new."""
        before = (list(self.values), self.account_id, dict(self.custom), *self._counts())
        for place, value in enumerate(row.contact):
            if value is not None:
                self.values[place] = value
        self.account_id = account_id or self.account_id
        self.custom.update(row.custom or {})
        self.take_names(row)
        return before != (self.values, self.account_id, self.custom, *self._counts())

    def take_names(self, row: IncomingRow) -> None:
        """Take in the addresses, numbers and ids of `row`."""
        for address, normal in row.emails:
            self.emails.setdefault(normal, address)
        for number, normal_number, label in row.phones:
            self.phones.setdefault(number, (normal_number, label))
        for each in row.ids:
            self.ids[each] = None

    def _counts(self) -> tuple[int, int, int]:
        return len(self.emails), len(self.phones), len(self.ids)


def _run(task: _Task, unfit_rows: Mapping[int, str]) -> list[RowResult]:
    keys = keys_of(task.rows, task.columns)
    refused = {**erased_rows(task.rows), **unfit_rows}
    kept = [place for place in range(len(keys)) if place not in refused]
    claim = claim_of(keys)
    known = frozenset(claim.owners)
    verdicts = dict(zip(kept, assign([keys[place] for place in kept], claim), strict=True))
    refused |= {place: verdict.reason for place, verdict in verdicts.items() if not verdict.owner}
    taken = {place: verdict for place, verdict in verdicts.items() if verdict.owner}
    accounts = upsert_accounts(
        [task.rows[place] for place in taken], task.account_columns, import_id=task.import_id, now=task.now
    )
    people, repeats = _gather(task, taken, accounts)
    created = _create(task, {owner: person for owner, person in people.items() if owner < 0})
    changed = _change(task, {owner: person for owner, person in people.items() if owner > 0}, known)
    _tell(task, people, created, changed, accounts)
    return _answer(task, taken, refused, accounts, created, changed.people, repeats)


def _gather(
    task: _Task, taken: Mapping[int, Verdict], accounts: Accounts
) -> tuple[dict[int, _Person], dict[int, bool]]:
    """Return what the batch says of each person, and for a person's further rows whether they said anything new."""
    people: dict[int, _Person] = {}
    repeats: dict[int, bool] = {}
    for (place, verdict), account_id in zip(taken.items(), accounts.of_row, strict=True):
        row = task.rows[place]
        person = people.get(verdict.owner)
        if person is None:
            person = people[verdict.owner] = _Person(list(row.contact), account_id, dict(row.custom or ()))
            person.take_names(row)
        else:
            repeats[place] = person.add(row, account_id)
    return people, repeats


def _named(task: _Task, person: _Person, *, is_new: bool) -> tuple[str | None, str | None, str | None]:
    """Return the full name and its two keys. Half a name completes nobody's known name."""
    given = dict(zip(task.columns, person.values, strict=True))
    name = given.get("full_name")
    first, last = given.get("first_name"), given.get("last_name")
    if name is None and (is_new or (first and last)):
        name = full_name(first, last)
    return (name, *name_keys(name)) if name else (None, None, None)


_NAMES = ("full_name", "name_key", "person_key")


def _create(task: _Task, people: Mapping[int, _Person]) -> dict[int, int]:
    """Copy new people in, with all that is theirs; return the id of each."""
    if not people:
        return {}
    ids = dict(zip(people, new_ids("contact", len(people)), strict=True))
    at = task.now.isoformat()
    places = [place for place, column in enumerate(task.columns) if column != "full_name"]
    columns = [task.columns[place] for place in places]
    copy_rows(
        "contact",
        ("id", *_NAMES, *columns, "account_id", "custom", "created_at", "updated_at"),
        (
            (
                ids[owner],
                *_named(task, person, is_new=True),
                *[person.values[place] for place in places],
                person.account_id,
                json.dumps(person.custom) if person.custom else "{}",
                at,
                at,
            )
            for owner, person in people.items()
        ),
    )
    copy_rows(
        "contact_email",
        ("contact_id", "address", "normal", "is_primary", "created_at"),
        (
            (ids[owner], address, normal, not place, at)
            for owner, person in people.items()
            for place, (normal, address) in enumerate(person.emails.items())
        ),
    )
    copy_rows(
        "contact_external_id",
        ("contact_id", "source", "value", "created_at"),
        ((ids[owner], source, value, at) for owner, person in people.items() for source, value in person.ids),
    )
    copy_rows(
        "contact_phone",
        ("contact_id", "number", "normal", "label", "created_at"),
        (
            (ids[owner], number, normal, label, at)
            for owner, person in people.items()
            for number, (normal, label) in person.phones.items()
        ),
    )
    return ids


@dataclass(slots=True)
class _Changed:
    """Known people that the batch changed, and the ids of what was added to them."""

    people: set[int] = field(default_factory=set)
    emails: list[int] = field(default_factory=list)
    phones: list[int] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)


def _change(task: _Task, people: Mapping[int, _Person], known: frozenset[Key]) -> _Changed:
    if not people:
        return _Changed()
    emails = add_emails(
        [
            (owner, address, normal)
            for owner, person in people.items()
            for normal, address in person.emails.items()
            if ("email", normal) not in known
        ],
        now=task.now,
    )
    ids = add_ids(
        Entity.CONTACT,
        [
            (owner, *each)
            for owner, person in people.items()
            for each in person.ids
            if ("id", *each) not in known
        ],
        now=task.now,
    )
    phones = add_phones(
        [
            (owner, number, normal, label)
            for owner, person in people.items()
            for number, (normal, label) in person.phones.items()
        ],
        now=task.now,
    )
    changed = _apply(task, people, known)
    changed.update(owner for owner, _ in (*emails, *ids, *phones))
    return _Changed(changed, *([added for _, added in each] for each in (emails, phones, ids)))


def _apply(task: _Task, people: Mapping[int, _Person], known: frozenset[Key]) -> set[int]:
    profile = task.columns.index("linkedin_slug") if "linkedin_slug" in task.columns else None
    if profile is not None:
        for person in people.values():
            # A known profile is the person's already, maybe by a merged record that keeps it.
            if ("linkedin", person.values[profile] or "") in known:
                person.values[profile] = None
    named = bool({"full_name", "first_name", "last_name"} & set(task.columns))
    with_custom = any(person.custom for person in people.values())
    with_account = any(person.account_id for person in people.values())
    places = [place for place, column in enumerate(task.columns) if column != "full_name"]
    columns = [
        *(_NAMES if named else ()),
        *(task.columns[place] for place in places),
        *(["account_id"] if with_account else []),
        *(["custom"] if with_custom else []),
    ]
    if not columns:
        return set()
    return apply_changes(
        Entity.CONTACT,
        columns,
        (
            (
                owner,
                True,
                *(_named(task, person, is_new=False) if named else ()),
                *[person.values[place] for place in places],
                *([person.account_id] if with_account else ()),
                *([json.dumps(person.custom) if person.custom else None] if with_custom else ()),
            )
            for owner, person in people.items()
        ),
        now=task.now,
        import_id=task.import_id,
    )


def _tell(
    task: _Task,
    people: Mapping[int, _Person],
    created: Mapping[int, int],
    changed: _Changed,
    accounts: Accounts,
) -> None:
    """Append the facts, note doubts about the new people, and keep what an undo needs."""
    told = [
        *((contact_id, people[owner].account_id, "contact.created") for owner, contact_id in created.items()),
        *(
            (contact_id, people[contact_id].account_id, "contact.changed")
            for contact_id in sorted(changed.people)
        ),
        *((None, account_id, "account.changed") for account_id in sorted(accounts.changed)),
    ]
    ledger.append_rows(
        [
            (None, contact_id, account_id, "", None, kind, task.now, "", None, None, None, None, "")
            for contact_id, account_id, kind in told
        ],
        now=task.now,
        lane=task.lane,
        import_id=task.import_id,
    )
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


def _answer(
    task: _Task,
    taken: Mapping[int, Verdict],
    refused: Mapping[int, str],
    accounts: Accounts,
    created: Mapping[int, int],
    changed: set[int],
    repeats: Mapping[int, bool],
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
        elif (owner < 0 and repeats[place]) or owner in changed or account_id in accounts.changed:
            outcome = Outcome.UPDATED
        else:
            outcome = Outcome.UNCHANGED
        results.append(RowResult(row.number, created.get(owner, owner), account_id, outcome))
    return results
