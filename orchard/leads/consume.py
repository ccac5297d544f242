"""How the basket follows the ledger: verdicts that turned, contacts that were joined, facts that keep a lead fresh."""

from orchard.interactions.types import Batch
from orchard.leads.actions import follow_assessments, follow_merge, follow_verdicts


def basket(batch: Batch) -> None:
    """Bring the basket in line with these facts."""
    for fact in batch.facts:
        if fact.kind == "contact.merged" and fact.subject_id is not None and fact.contact_id is not None:
            follow_merge(old_id=fact.subject_id, living_id=fact.contact_id, now=batch.now, lane=batch.lane)
    causes = {
        fact.contact_id: fact.id
        for fact in batch.facts
        if fact.kind == "verdict.changed" and fact.contact_id is not None
    }
    if causes:
        follow_verdicts(causes=causes, now=batch.now, lane=batch.lane)
    follow_assessments(contact_ids=batch.contact_ids)
