"""What happened with contacts, in words: kinds, campaigns, content, members and what was said."""

from collections.abc import Iterable, Sequence

from orchard.agreement import queries as agreement
from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.content import queries as content
from orchard.interactions import queries as ledger
from orchard.interactions.types import KINDS, Moment
from orchard.kit import paging
from orchard.nurture import queries as nurture
from orchard.reports.types import Event
from orchard.team import queries as team


def timeline(
    contact_ids: Iterable[int], *, cursor: str = "", size: int = 30, named: bool = False
) -> paging.Page[Event]:
    """Return one page of what happened with those of them one may see, the newest first; `named` says with whom."""
    ids = set(contact_ids)
    page = ledger.timeline(ids - contacts.hidden_among(ids), cursor=cursor, size=size)
    return paging.Page(_events(page.rows, named=named), page.next, page.previous)


def _events(moments: Sequence[Moment], *, named: bool) -> list[Event]:
    facts = [moment.fact for moment in moments]
    words = ledger.words_of(fact.id for fact in facts)
    campaign = campaigns.names(fact.campaign_id for fact in facts if fact.campaign_id)
    title = content.titles(fact.content_id for fact in facts if fact.content_id)
    member = team.names([fact.member_id for fact in facts if fact.member_id])
    stage = {fact: word[:1].upper() + word[1:] for fact, word in agreement.stages_entered(facts).items()}
    program = nurture.names_of_enrolments(
        {fact.subject_id for fact in facts if fact.subject_kind == "enrolment" and fact.subject_id}
    )
    who = contacts.names({fact.contact_id for fact in facts if fact.contact_id}) if named else {}
    return [
        Event(
            id=fact.id,
            what=KINDS[fact.kind].label if fact.kind in KINDS else fact.kind,
            icon=KINDS[fact.kind].icon if fact.kind in KINDS else "dot",
            at=fact.occurred_at,
            where=" · ".join(
                filter(
                    None,
                    (
                        campaign.get(fact.campaign_id or 0),
                        title.get(fact.content_id or 0),
                        stage.get(fact.id),
                        program.get(fact.subject_id or 0) if fact.subject_kind == "enrolment" else None,
                    ),
                )
            ),
            words=words.get(fact.id, ""),
            member=member.get(fact.member_id or 0, ""),
            amount=fact.amount,
            currency=fact.currency,
            touch=moment.touch,
            human=moment.human,
            contact_id=fact.contact_id,
            contact=who.get(fact.contact_id or 0, ""),
        )
        for moment in moments
        for fact in [moment.fact]
    ]
