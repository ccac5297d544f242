"""How the basket follows the ledger: verdicts that turned, contacts joined or parted, facts that keep a lead fresh."""

from orchard.interactions.types import Batch
from orchard.leads.actions import follow_assessments, follow_joins, follow_verdicts


def basket(batch: Batch) -> None:
    """Bring the basket in line with these facts."""
    for fact in batch.facts:
        if fact.contact_id is None or fact.subject_id is None:
            continue
        if fact.kind in ("contact.merged", "contact.unmerged"):
            ids, cause = (fact.contact_id, fact.subject_id), fact.id
            follow_joins(contact_ids=ids, cause=cause, now=batch.now, lane=batch.lane)
    causes = {
        fact.contact_id: fact.id
        for fact in batch.facts
        if fact.kind == "verdict.changed" and fact.contact_id is not None
    }
    if causes:
        follow_verdicts(causes=causes, now=batch.now, lane=batch.lane)
    follow_assessments(contact_ids=batch.contact_ids)
