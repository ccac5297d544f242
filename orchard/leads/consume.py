"""How leads follow the ledger: verdicts that turned, contacts joined, parted or gone, exchanges, rests that ended."""

from orchard.contacts import queries as contacts
from orchard.interactions import queries as ledger
from orchard.interactions.types import ATTEMPTS, STEP_TURNS, TOUCHES, Batch
from orchard.leads import actions

_ASKS_FOR_A_LOOK = (
    "verdict.changed",
    "lead.left",
    "lead.eligible",
    "lead.reinstated",
    "opportunity.won",
    "opportunity.lost",
)
_CORRECTIONS = frozenset({"fact.withdrawn", "fact.reassigned"})
_FREES_A_DESK = frozenset({
    "lead.waiting",
    "lead.expired",
    "lead.reassigned",
    "lead.released",
    "lead.returned",
    "lead.disqualified",
    "lead.converted",
    "lead.withdrawn",
    "contact.changed",
    "account.changed",
})  # fmt: skip
"""After which something in the basket may find a member."""


def basket(batch: Batch) -> None:
    """Bring the basket, and the clocks of leads in hands, in line with these facts."""
    now, lane = batch.now, batch.lane
    for fact in batch.facts.of(("contact.merged", "contact.unmerged")):
        if fact.contact_id is not None and fact.subject_id is not None:
            ids = (fact.contact_id, fact.subject_id)
            actions.follow_joins(contact_ids=ids, cause=fact.id, now=now, lane=lane)
    if gone := _gone(batch):
        actions.let_go(causes=gone, now=now, lane=lane)
    if causes := _causes(batch, *_ASKS_FOR_A_LOOK):
        actions.follow_verdicts(causes=causes, now=now, lane=lane)
    # A step that is planned, moved or over may hold rot off until another day; who called before accepting has tried.
    if touched := _causes(batch, "lead.accepted", *(TOUCHES | ATTEMPTS | STEP_TURNS | _CORRECTIONS)):
        actions.follow_touches(contact_ids=list(touched))
    actions.follow_assessments(contact_ids=batch.contact_ids)
    if changed := {fact.account_id for fact in batch.facts.of(("account.changed",))}:
        actions.follow_accounts(account_ids=[each for each in changed if each is not None])


def offers(batch: Batch) -> None:
    """Offer what waits, if these facts may have brought it or made room for it."""
    if batch.facts.of(_FREES_A_DESK):
        actions.draw(now=batch.now)


def _causes(batch: Batch, *kinds: str) -> dict[int, int]:
    """Return whom facts of these kinds are about, each with the last of them."""
    return {fact.contact_id: fact.id for fact in batch.facts.of(kinds) if fact.contact_id is not None}


def _gone(batch: Batch) -> dict[int, int]:
    """Return who was erased, or went with an import that was undone, each with the fact that told so."""
    gone = _causes(batch, "contact.erased")
    for fact in batch.facts.of(("import.undone",)):
        if fact.subject_id is not None:
            made = ledger.made_by(fact.subject_id)
            gone |= dict.fromkeys(contacts.gone(made), fact.id)
    return gone
