"""What the room makes of the ledger: verdicts and stages, and the facts by which others hear of their changes."""

from orchard.agreement.actions.announce import announce
from orchard.agreement.actions.announce_stages import announce_stages, told_to_be_mere
from orchard.agreement.actions.assess import assess_by
from orchard.agreement.actions.stages import follow_stages
from orchard.agreement.models import StageReached, Verdict
from orchard.agreement.queries.concerned import concerned, gone_with_imports, may_change, with_colleagues
from orchard.agreement.queries.terms import in_force
from orchard.agreement.rules import OWN, TURNS
from orchard.interactions.queries import awaited_live
from orchard.interactions.types import Batch, Fact, Facts, Lane
from orchard.kit import clock

ANNOUNCE = "agreement.announce"
"""The name under which `announce_changes` reads the ledger."""

TURNING = TURNS | {
    "contact.merged",
    "contact.unmerged",
    "contact.erased",
    "fact.withdrawn",
    "fact.reassigned",
}
"""Kinds after which the whole past of a contact decides its stage."""


def stages(batch: Batch) -> None:
    """Bring the stages of everybody whom these facts concern up to date."""
    own: dict[int, Fact] = {}
    for fact in batch.facts.of(OWN):
        if fact.contact_id is not None:
            first = own.setdefault(fact.contact_id, fact)
            if fact.occurred_at < first.occurred_at:
                own[fact.contact_id] = fact
    turned = _turned(batch.facts)
    turned |= {contact: cause for contact, (_, cause) in gone_with_imports(batch.facts).items()}
    follow_stages(own={contact: own[contact] for contact in own.keys() - turned.keys()}, turned=turned)


def announce_new_stages(batch: Batch) -> None:
    """Tell the ledger of each stage that these facts led to."""
    causes = _turned(batch.facts)
    own = {
        fact.contact_id: f"fact:{fact.id}"
        for fact in batch.facts.of(OWN)
        if fact.contact_id is not None and fact.contact_id not in causes
    }
    if own:
        causes |= {contact: own[contact] for contact in told_to_be_mere(own)}
    if causes:
        announce_stages(causes=causes, now=batch.now, lane=batch.lane)


def forget_stages() -> None:
    """Empty the projection before a rebuild."""
    StageReached.objects.all().delete()


def assess(batch: Batch) -> None:
    """Assess everybody whom these facts concern, but for those who were assessed with all of them already."""
    force = in_force()
    if force is None:
        return
    hour = clock.full_hour(batch.now)
    people = with_colleagues(force, concerned(force, batch.facts))
    people = batch.seen.yet(people, last=batch.facts[-1].pos, by=(force.version_id, hour))
    if people:
        assess_by(force, people, hour)
        batch.seen.note(people, upto=batch.upto)


def announce_changes(batch: Batch) -> None:
    """Tell the ledger of each verdict that these facts turned.

    Whoever has a fact in the live lane as well is told of there: an import that meets the same contact in this moment
    would take the word into its own lane, behind all of its rows.
    """
    force = in_force()
    if force is None:
        return
    causes = concerned(force, batch.facts)
    if force.terms.asks_account and causes:
        last = batch.facts[-1].id
        causes = {contact: causes.get(contact, f"fact:{last}") for contact in with_colleagues(force, causes)}
    if batch.lane is Lane.BULK and causes:
        for contact in awaited_live(ANNOUNCE, may_change(force)):
            causes.pop(contact, None)
    announce(causes=causes, now=batch.now, lane=batch.lane)


def forget_verdicts() -> None:
    """Empty the projection before a rebuild."""
    Verdict.objects.all().delete()


def _turned(facts: Facts) -> dict[int, str]:
    """Return the contacts whose stage these facts may turn in any direction, each with the last fact that may."""
    causes: dict[int, str] = {}
    for fact in facts.of(TURNING):
        if fact.contact_id is not None:
            causes[fact.contact_id] = f"fact:{fact.id}"
        if fact.kind in ("contact.merged", "contact.unmerged") and fact.subject_id is not None:
            causes[fact.subject_id] = f"fact:{fact.id}"
    return causes
