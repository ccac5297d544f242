"""What the room makes of the ledger: verdicts and stages, and the facts by which others hear of their changes."""

from collections.abc import Iterable

from orchard.agreement.actions.announce import announce
from orchard.agreement.actions.assess import assess_by, people_of, with_colleagues
from orchard.agreement.models import Verdict
from orchard.agreement.queries.terms import Force, in_force
from orchard.interactions.types import Batch, Fact
from orchard.kit import clock

ALWAYS = frozenset({
    "contact.created",
    "contact.changed",
    "contact.merged",
    "contact.unmerged",
    "contact.erased",
    "fact.withdrawn",
    "fact.reassigned",
    "verdict.due",
})  # fmt: skip
"""Kinds that may change a verdict whatever the agreement says."""


def assess(batch: Batch) -> None:
    """Assess everybody whom these facts concern."""
    force = in_force()
    if force is None:
        return
    concerned = set(_causes(force, batch.facts))
    if concerned:
        assess_by(force, with_colleagues(force, concerned), clock.full_hour(batch.now))


def announce_changes(batch: Batch) -> None:
    """Tell the ledger of each verdict that these facts turned."""
    force = in_force()
    if force is None:
        return
    causes = _causes(force, batch.facts)
    if force.terms.asks_account and causes:
        last = batch.facts[-1].id
        causes = {contact: causes.get(contact, f"fact:{last}") for contact in with_colleagues(force, causes)}
    announce(causes=causes, now=batch.now, lane=batch.lane)


def forget_verdicts() -> None:
    """Empty the projection before a rebuild."""
    Verdict.objects.all().delete()


def _causes(force: Force, facts: Iterable[Fact]) -> dict[int, str]:
    """Return the contacts whose verdict these facts may change, each with the last fact that may."""
    may_change = ALWAYS | force.terms.kinds | ({"stage.entered"} if force.terms.asks_stage else set())
    causes: dict[int, str] = {}
    accounts: dict[int, str] = {}
    for fact in facts:
        cause = f"fact:{fact.id}"
        if fact.contact_id is not None and fact.kind in may_change:
            causes[fact.contact_id] = cause
        if fact.kind in ("contact.merged", "contact.unmerged") and fact.subject_id is not None:
            causes[fact.subject_id] = cause
        if fact.kind == "account.changed" and fact.account_id is not None:
            accounts[fact.account_id] = cause
    for contact, account in people_of(accounts):
        causes[contact] = accounts[account]
    return causes
