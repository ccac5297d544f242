"""What the room makes of the ledger: the words by which contacts and accounts are found."""

from orchard.interactions.queries import told_by
from orchard.interactions.types import Batch
from orchard.search import actions

_JOINED = frozenset({"contact.merged", "contact.unmerged"})
_UNDONE = "import.undone"

# What the facts of an import that was undone had told of records that went, or changed back, without a word.
_BY_IMPORTS = ("contact.created", "contact.changed", "account.changed")

KINDS = frozenset({*_BY_IMPORTS, *_JOINED, "contact.erased", _UNDONE})
"""The only kinds after which somebody may be called something else."""


def keep_keys(batch: Batch) -> None:
    """Keep the words of everybody whom these facts, all of the kinds above, concern."""
    contacts, accounts = set(batch.contact_ids), set()
    for fact in batch.facts:
        if fact.account_id is not None:
            accounts.add(fact.account_id)
        if fact.kind in _JOINED and fact.subject_id is not None:
            contacts.add(fact.subject_id)
        if fact.kind == _UNDONE and fact.subject_id is not None:
            people, companies = told_by(fact.subject_id, _BY_IMPORTS)
            contacts |= people
            accounts |= companies
    actions.keep_keys(contact_ids=contacts, account_ids=accounts)


def forget_keys() -> None:
    """Empty the projection before a rebuild."""
    actions.forget_keys()
