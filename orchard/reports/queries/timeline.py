"""What happened with contacts, in words: kinds, campaigns, content, members and what was said."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orchard.agreement import queries as agreement
from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.contacts.types import FileShown
from orchard.content import queries as content
from orchard.interactions import queries as ledger
from orchard.interactions.types import KINDS, MOVABLE, SCORING, TALKS, Fact, Moment, kinds_in
from orchard.kit import paging
from orchard.kit.words import voiced
from orchard.leads import queries as leads
from orchard.leads.queries import Handoff
from orchard.nurture import queries as nurture
from orchard.reports import rules
from orchard.reports.types import Channel, Event, Judgement, NoteMark, StepTold, Told
from orchard.tasks import queries as tasks
from orchard.tasks.queries import Beside
from orchard.tasks.types import Aside
from orchard.team import queries as team

_WORDS = {
    TALKS: _("Talks"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "meeting": _("Meetings"),
    "show": _("Shows"),
    "web": _("Web"),
    "event": _("Events"),
    "social": _("Networks"),
    "request": _("Requests"),
    "campaign": _("Campaigns"),
    "note": _("Notes"),
    "file": _("Files"),
    "task": _("Steps"),
    "lead": _("Leads and sales"),
    "program": _("Programs"),
    "record": _("Records"),
}
"""What each channel is called, in the order in which a timeline offers them."""

_ENDS = frozenset({"lead.returned", "lead.disqualified"})


def timeline(
    contact_ids: Iterable[int],
    *,
    account_id: int | None = None,
    channel: str = "",
    cursor: str = "",
    size: int = 30,
    named: bool = False,
    rounds: Sequence[Handoff] = (),
) -> Told:
    """Return one page of what happened with those of them one may see, the newest first; `named` says with whom.

    `account_id` adds what is told of that company and of nobody in person; `channel` narrows it, if it is one. Who has
    read how their leads ended gives it as `rounds`, and nobody asks for it again.
    """
    ids = set(contact_ids)
    seen = ids - contacts.hidden_among(ids)
    found = ledger.timeline(seen, account_id=account_id, channel=channel, cursor=cursor, size=size)
    page = found.page
    return Told(
        paging.Page(_events(page.rows, named=named, rounds=rounds), page.next, page.previous),
        _channels(found.counts),
        channel if kinds_in(channel) else "",
    )


def _channels(counts: Mapping[str, int]) -> list[Channel]:
    """Return the channels in which anything happened, all of them together first."""
    offered = [Channel("", _("Everything"), sum(counts.values()))]
    for key, words in _WORDS.items():
        kinds = kinds_in(key) or ()
        number = sum(counts.get(kind, 0) for kind in kinds)
        if number:
            offered.append(Channel(key, words, number))
    return offered


def events_of(facts: Sequence[Fact], *, human: bool) -> list[Event]:
    """Return facts in words, in their order; touches are not numbered. `human` says whether they count, all of them."""
    words = ledger.words_of(fact.id for fact in facts)
    return _events([Moment(fact, human, None, words.get(fact.id, "")) for fact in facts], named=False)


def _events(moments: Sequence[Moment], *, named: bool, rounds: Sequence[Handoff] = ()) -> list[Event]:
    facts = [moment.fact for moment in moments]
    member = team.names([fact.member_id for fact in facts if fact.member_id])
    who = contacts.names({fact.contact_id for fact in facts if fact.contact_id}) if named else {}
    counting = agreement.counting_kinds() & SCORING
    said = _judgements([moment.fact for moment in moments if not moment.human])
    beside = _beside(facts)
    where, files = _Where(facts, beside, rounds), _files(facts)
    told_with = rules.told_with(facts)
    told = {step.id for steps in told_with.values() for step in steps}
    return [
        Event(
            id=fact.id,
            what=_label(fact.kind),
            icon=KINDS[fact.kind].icon if fact.kind in KINDS else "dot",
            at=fact.occurred_at,
            where=where.of(fact),
            words=moment.words,
            member=member.get(fact.member_id or 0, ""),
            amount=fact.amount,
            currency=fact.currency,
            touch=moment.touch,
            human=moment.human or fact.id in said,
            contact_id=fact.contact_id,
            contact=who.get(fact.contact_id or 0, ""),
            speaks=moment.human and fact.id not in said and fact.kind in counting,
            moves=moment.human and fact.id not in said and fact.kind in MOVABLE,
            said=said.get(fact.id),
            note=NoteMark(*beside.notes[fact.id]) if fact.id in beside.notes else None,
            file=files.get(fact.id),
            steps=[
                StepTold(_label(step.kind), beside.steps.get(step.id, ""))
                for step in told_with.get(fact.id, ())
            ],
        )
        for moment in moments
        for fact in [moment.fact]
        if fact.id not in told
    ]


class _Where:
    """What facts were about: campaign, content, stage, program, step, the fact corrected or judged, or a reason."""

    def __init__(self, facts: Sequence[Fact], beside: Beside, rounds: Sequence[Handoff]) -> None:
        self._campaign = campaigns.names(fact.campaign_id for fact in facts if fact.campaign_id)
        self._title = content.titles(fact.content_id for fact in facts if fact.content_id)
        self._stage = {
            fact: word[:1].upper() + word[1:] for fact, word in agreement.stages_entered(facts).items()
        }
        self._program = nurture.names_of_enrolments(
            {fact.subject_id for fact in facts if fact.subject_kind == "enrolment" and fact.subject_id}
        )
        about = [fact for fact in facts if fact.subject_kind == "interaction" and fact.subject_id]
        self._kind = ledger.kinds_of(fact.subject_id or 0 for fact in about) if about else {}
        judged = [fact.id for fact in about if fact.kind == "fact.discounted"]
        why = ledger.reasons_told(judged) if judged else {}
        own = {fact: each for fact, each in beside.asides.items() if each is not Aside.OTHER}
        self._why = {fact: gettext(each.label) for fact, each in (*why.items(), *own.items())}
        self._why |= _ends(facts, rounds)
        self._step = beside.steps

    def of(self, fact: Fact) -> str:
        """Return what a fact was about, in words."""
        subject = fact.subject_id or 0
        corrected = self._kind.get(subject) if fact.subject_kind == "interaction" else None
        parts = (
            self._campaign.get(fact.campaign_id or 0),
            self._title.get(fact.content_id or 0),
            self._stage.get(fact.id),
            self._step.get(fact.id),
            self._program.get(subject) if fact.subject_kind == "enrolment" else None,
            _label(corrected) if corrected else None,
            self._why.get(fact.id),
        )
        return " · ".join(filter(None, parts))


def _beside(facts: Sequence[Fact]) -> Beside:
    told = [fact.id for fact in facts if fact.kind in tasks.TOLD_BESIDE]
    return tasks.told_beside(told) if told else Beside()


def _ends(facts: Sequence[Fact], rounds: Sequence[Handoff]) -> dict[int, str]:
    """Return why leads came back, by the facts that tell it; what was taken back since says nothing any more."""
    told = {
        fact.id: fact.subject_id or 0 for fact in facts if fact.kind in _ENDS and fact.subject_kind == "lead"
    }
    if not told:
        return {}
    found = {each.id: each.why for each in rounds}
    if unread := set(told.values()) - found.keys():
        found |= leads.reasons_of(unread)
    return {fact: voiced(found[lead]) for fact, lead in told.items() if found.get(lead)}


def _files(facts: Sequence[Fact]) -> dict[int, FileShown]:
    told = [fact.id for fact in facts if fact.kind == "file.added"]
    return contacts.files_told(told) if told else {}


def _judgements(facts: Sequence[Fact]) -> dict[int, Judgement]:
    """Return what is said of those facts, none of which counts, that are said to be not useful."""
    if not facts:
        return {}
    said = ledger.discounts_of(fact.id for fact in facts)
    names = team.names([each.member_id for each in said.values()]) if said else {}
    return {
        identity: Judgement(each.id, gettext(each.why.label), names.get(each.member_id, ""), each.said_at)
        for identity, each in said.items()
    }


def _label(kind: str) -> str:
    return KINDS[kind].label if kind in KINDS else kind
