"""What happened with contacts, in words: kinds, campaigns, content, members and what was said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orchard.agreement import queries as agreement
from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.contacts.types import FileShown
from orchard.content import queries as content
from orchard.interactions import queries as ledger
from orchard.interactions.types import (
    KINDS,
    MOVABLE,
    SCORING,
    TALKS,
    Discounted,
    Fact,
    Moment,
    NotUseful,
    kinds_in,
)
from orchard.kit import naming, paging
from orchard.kit.words import voiced
from orchard.leads import queries as leads
from orchard.leads.queries import Handoff
from orchard.nurture import queries as nurture
from orchard.nurture.queries import Person
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


@dataclass(frozen=True, slots=True)
class Known:
    """What was read of contacts before their timeline: how leads ended, programs, and files if all."""

    rounds: Sequence[Handoff] = ()
    programs: Sequence[Person] = ()
    files: Sequence[FileShown] | None = None


def timeline(
    contact_ids: Iterable[int],
    *,
    account_id: int | None = None,
    channel: str = "",
    cursor: str = "",
    size: int = 30,
    named: bool = False,
    known: "Known | None" = None,
) -> Told:
    """Return one page of what happened with those of them one may see, the newest first; `named` says with whom.

    `account_id` adds what is told of that company and of nobody in person; `channel` narrows it, if it is one. What
    whoever asks has read of them already is `known`, and nobody asks for it again.
    """
    ids = set(contact_ids)
    seen = ids - contacts.hidden_among(ids)
    found = ledger.timeline(seen, account_id=account_id, channel=channel, cursor=cursor, size=size)
    page = found.page
    return Told(
        paging.Page(_events(page.rows, named=named, known=known or Known()), page.next, page.previous),
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
    about = {
        fact.id: fact.subject_id for fact in facts if fact.subject_kind == "interaction" and fact.subject_id
    }
    kinds = ledger.kinds_of(about.values()) if about else {}
    moments = [
        Moment(fact, human, None, words.get(fact.id, ""), kinds.get(about.get(fact.id, 0), ""))
        for fact in facts
    ]
    return _events(moments, named=False, known=Known())


def _events(moments: Sequence[Moment], *, named: bool, known: Known) -> list[Event]:
    facts = [moment.fact for moment in moments]
    who = contacts.names({fact.contact_id for fact in facts if fact.contact_id}) if named else {}
    counting = agreement.counting_kinds() & SCORING
    judged, why = ledger.discounts(
        of={moment.fact.id for moment in moments if not moment.human},
        told_by={fact.id for fact in facts if fact.kind == "fact.discounted"},
    )
    names = _names(facts, judged.values())
    member = names["member"]
    said = {
        fact: Judgement(each.id, gettext(each.why.label), member.get(each.member_id, ""), each.said_at)
        for fact, each in judged.items()
    }
    beside = _beside(facts)
    where, files = _Where(moments, beside, known, names, why), _files(facts, known)
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

    def __init__(
        self,
        moments: Sequence[Moment],
        beside: Beside,
        known: Known,
        names: Mapping[str, Mapping[int, str]],
        why: Mapping[int, NotUseful],
    ) -> None:
        facts = [moment.fact for moment in moments]
        self._campaign, self._title = names["campaign"], names["content"]
        self._stage = {
            fact: word[:1].upper() + word[1:] for fact, word in agreement.stages_entered(facts).items()
        }
        self._program = _programs(facts, known.programs)
        self._about = {moment.fact.id: _label(moment.about) for moment in moments if moment.about}
        own = {fact: each for fact, each in beside.asides.items() if each is not Aside.OTHER}
        self._why = {fact: gettext(each.label) for fact, each in (*why.items(), *own.items())}
        self._why |= _ends(facts, known.rounds)
        self._step = beside.steps

    def of(self, fact: Fact) -> str:
        """Return what a fact was about, in words."""
        subject = fact.subject_id or 0
        parts = (
            self._campaign.get(fact.campaign_id or 0),
            self._title.get(fact.content_id or 0),
            self._stage.get(fact.id),
            self._step.get(fact.id),
            self._program.get(subject) if fact.subject_kind == "enrolment" else None,
            self._about.get(fact.id),
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


def _files(facts: Sequence[Fact], known: Known) -> dict[int, FileShown]:
    if known.files is not None:
        return {each.fact_id: each for each in known.files}
    told = [fact.id for fact in facts if fact.kind == "file.added"]
    return contacts.files_told(told) if told else {}


def _programs(facts: Sequence[Fact], known: Sequence[Person]) -> dict[int, str]:
    """Return what the programs are called that facts tell of, by the enrolment."""
    found = {each.id: each.program for each in known}
    told = {fact.subject_id for fact in facts if fact.subject_kind == "enrolment" and fact.subject_id}
    unread = told - found.keys()
    return found | nurture.names_of_enrolments(unread) if unread else found


def _names(facts: Sequence[Fact], judged: Iterable[Discounted]) -> dict[str, dict[int, str]]:
    """Return what members, campaigns and content of facts are called, by sort and id."""
    members = {fact.member_id for fact in facts if fact.member_id} | {each.member_id for each in judged}
    return naming.names(
        [
            team.naming(members),
            campaigns.naming(fact.campaign_id for fact in facts if fact.campaign_id),
            content.naming(fact.content_id for fact in facts if fact.content_id),
        ]
    )


def _label(kind: str) -> str:
    return KINDS[kind].label if kind in KINDS else kind
