"""Whose verdict facts may change: by the kinds the version in force asks about, in person or through the account."""

from collections.abc import Collection, Iterable

from django.db import connection

from orchard.agreement.queries.terms import Force, in_force
from orchard.agreement.rules import OWN, TURNS
from orchard.contacts import queries as contacts
from orchard.contacts.tables import CONTACTS
from orchard.interactions import queries as ledger
from orchard.interactions.types import Fact, Facts

ALWAYS = frozenset({
    "contact.created",
    "contact.changed",
    "contact.merged",
    "contact.unmerged",
    "contact.erased",
    "fact.counted",
    "fact.discounted",
    "fact.withdrawn",
    "fact.reassigned",
    "verdict.due",
})  # fmt: skip
"""Kinds that may change a verdict whatever the agreement says."""

_NAMES_ANOTHER = ("contact.merged", "contact.unmerged")
_TELLS = frozenset({*_NAMES_ANOTHER, "account.changed"})


def may_change(force: Force) -> frozenset[str]:
    """Return the kinds of facts that may change the verdict of whom they are about."""
    moves_stage = (OWN | TURNS) - {"verdict.changed"} if force.terms.asks_stage else frozenset()
    return ALWAYS | force.terms.kinds | moves_stage


def concerned(force: Force, facts: Iterable[Fact]) -> dict[int, str]:
    """Return the contacts whose verdict these facts may change, each with the last fact that may."""
    known, kinds = Facts.sorted_out(facts), may_change(force)
    causes: dict[int, str] = {}
    accounts: dict[int, str] = {}
    for fact in known.of(kinds | _TELLS):
        cause = f"fact:{fact.id}"
        if fact.contact_id is not None and fact.kind in kinds:
            causes[fact.contact_id] = cause
        if fact.kind in _NAMES_ANOTHER and fact.subject_id is not None:
            causes[fact.subject_id] = cause
        if fact.kind == "account.changed" and fact.account_id is not None:
            accounts[fact.account_id] = cause
    undone = gone_with_imports(known)
    causes |= {contact: cause for contact, (_, cause) in undone.items()}
    if force.terms.asks_account:
        accounts |= {account: cause for account, cause in undone.values() if account is not None}
    for contact, account in people_of(accounts):
        causes[contact] = accounts[account]
    return causes


def concerned_since(force: Force, *, after: int, upto: int) -> set[int]:
    """Return the contacts, colleagues included, whose verdict the facts with a place in (after, upto] may change."""
    kinds = sorted(may_change(force) | {"account.changed", "import.undone"})
    return with_colleagues(force, concerned(force, ledger.facts_between(after=after, upto=upto, kinds=kinds)))


def gone_with_imports(facts: Facts) -> dict[int, tuple[int | None, str]]:
    """Return who went when imports were undone, each with the account it was made in and the fact that told so."""
    found: dict[int, tuple[int | None, str]] = {}
    for fact in facts.of(("import.undone",)):
        if fact.subject_id is not None:
            made = ledger.made_by(fact.subject_id)
            found |= {contact: (made[contact], f"fact:{fact.id}") for contact in contacts.gone(made)}
    return found


def with_colleagues(force: Force, contact_ids: Collection[int]) -> set[int]:
    """Add everybody of the same accounts, those of the last assessment included, where the account's score counts."""
    ids = set(contact_ids)
    if not ids or not force.terms.asks_account:
        return ids
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account_id FROM contact WHERE id = ANY (%(ids)s) AND account_id IS NOT NULL
             UNION SELECT account_id FROM verdict WHERE contact_id = ANY (%(ids)s) AND account_id IS NOT NULL
            """,
            {"ids": list(ids)},
        )
        accounts = [account for (account,) in cursor.fetchall()]
    return ids.union(contact for contact, _ in people_of(accounts))


def colleagues(contact_ids: Collection[int]) -> set[int]:
    """Return these contacts and everybody whose verdict is written with theirs by the version in force."""
    force = in_force()
    return with_colleagues(force, contact_ids) if force else set(contact_ids)


def people_of(account_ids: Collection[int]) -> list[tuple[int, int]]:
    """Return the living contacts of these accounts, each with the account."""
    if not account_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT contact_id, account_id FROM ({CONTACTS.source}) AS t WHERE account_id = ANY (%s)",  # noqa: S608
            [list(account_ids)],
        )
        return list(cursor.fetchall())
