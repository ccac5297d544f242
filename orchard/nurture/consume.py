"""How programs follow the ledger: who came back enters, who is with Sales is held, who is at the goal leaves."""

from collections.abc import Sequence
from datetime import datetime

from orchard.contacts import queries as contacts
from orchard.interactions import queries as ledger
from orchard.interactions.types import Batch, Fact, Lane
from orchard.nurture import actions, queries
from orchard.nurture.rules import HANDED_OVER, TAKEN_BACK, apart
from orchard.nurture.types import Out

NAME = "nurture.enrolments"

_JOINS = ("contact.merged", "contact.unmerged")


def enrolments(batch: Batch) -> None:
    """Bring enrolments in line with these facts, one turn of each contact after the other."""
    if queries.are_there_any():
        for run in apart(batch.facts):
            _follow(run, batch)


def _follow(facts: Sequence[Fact], batch: Batch) -> None:
    now, lane = batch.now, batch.lane
    for fact in facts:
        if fact.kind in _JOINS and fact.contact_id is not None and fact.subject_id is not None:
            actions.follow_joins(contact_ids=(fact.contact_id, fact.subject_id), now=now, lane=lane)
    if gone := _gone(facts):
        actions.let_go_gone(contact_ids=gone, now=now, lane=lane)
    causes = {fact.contact_id: fact.id for fact in facts if fact.contact_id is not None}
    became = {
        fact.contact_id: fact.id for fact in facts if fact.kind in HANDED_OVER and fact.contact_id is not None
    }
    actions.follow(contact_ids=list(causes), became_leads=became, now=now, lane=lane)
    if withdrawn := _withdrawn(facts):
        actions.take_back(facts=withdrawn, contact_ids=list(causes), became_leads=became, now=now, lane=lane)
    if lane == Lane.LIVE and (returns := _returns(facts)):
        actions.enter_returned(returns, now=now, lane=lane)
    actions.look_at(causes=causes, now=now, lane=lane)


def _returns(facts: Sequence[Fact]) -> dict[int, tuple[int, int, datetime]]:
    return {
        fact.id: (fact.contact_id, fact.subject_id, fact.recorded_at)
        for fact in facts
        if fact.kind == "lead.returned" and fact.contact_id is not None and fact.subject_id is not None
    }


def _withdrawn(facts: Sequence[Fact]) -> dict[int, int]:
    """Return which facts about leads were withdrawn by these, each with the one that withdrew it."""
    found = {
        fact.subject_id: fact.id
        for fact in facts
        if fact.kind == "fact.withdrawn" and fact.subject_id is not None
    }
    told = ledger.of_kinds(found, TAKEN_BACK) if found else set()
    return {identity: found[identity] for identity in sorted(told)}


def _gone(facts: Sequence[Fact]) -> dict[int, Out]:
    """Return who was erased, or went with an import that was undone."""
    gone = {
        fact.contact_id: Out.ERASED
        for fact in facts
        if fact.kind == "contact.erased" and fact.contact_id is not None
    }
    for fact in facts:
        if fact.kind == "import.undone" and fact.subject_id is not None:
            gone |= dict.fromkeys(contacts.gone(ledger.made_by(fact.subject_id)), Out.GONE)
    return gone
