"""One contact whole, as its page shows it; what a merge would do; what an erasure would take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from orchard.agreement import queries as agreement
from orchard.agreement.queries import StageShown, VerdictShown
from orchard.campaigns import queries as campaigns
from orchard.campaigns.queries import Source
from orchard.contacts import queries as contacts
from orchard.contacts.queries import ContactPage, ListedDoubt
from orchard.contacts.types import CONTACT_FIELDS, Change, Entity, FileShown
from orchard.interactions import queries as ledger
from orchard.kit import once
from orchard.leads import queries as leads
from orchard.leads.queries import Handoff
from orchard.leads.types import HELD
from orchard.nurture import queries as nurture
from orchard.nurture.queries import Person
from orchard.opportunities import queries as opportunities
from orchard.opportunities.queries import Sale
from orchard.opportunities.types import State as SaleState
from orchard.reports import rules
from orchard.reports.queries.past import in_words, known_of, labels_of, past_of
from orchard.reports.queries.timeline import Known, timeline
from orchard.reports.types import Replaced, Ripeness, Told
from orchard.tasks import queries as tasks
from orchard.tasks.types import Step, Subject

_DETAILS = ("seniority", "department", "city", "country", "language", "time_zone", "is_competitor")

_PARTS_OF_NAME = frozenset({"first_name", "last_name"})
"""The name as a whole tells them."""


@dataclass(frozen=True, slots=True)
class ContactShown:
    """A contact with everything that its page shows; `verdict` is None while no agreement is in force."""

    page: ContactPage
    verdict: VerdictShown | None
    ripeness: Ripeness | None
    stage: StageShown
    handoffs: Sequence[Handoff]
    events: Told
    sources: Sequence[Source]
    details: Sequence[tuple[str, str]]
    """Label and value of what is known, the company's own fields among them."""
    past: Sequence[Replaced]
    doubts: Sequence[ListedDoubt]
    steps: Sequence[Step]
    """What is to be done with them, the earliest first."""
    sales: Sequence[Sale]
    holds: Sequence[tuple[str, int]]
    """What keeps mail from the contact: kind and id of each."""
    programs: Sequence[Person]
    """The programs they are and were in."""
    files: Sequence[FileShown]
    """The files on the contact, the newest first."""

    @property
    def points(self) -> float:
        """The score of now in points, for a ring."""
        return self.verdict.tenths / 10 if self.verdict else 0

    @property
    def lead(self) -> Handoff | None:
        """The hand-off that is not over yet."""
        return next((each for each in self.handoffs if each.is_open), None)

    @property
    def open_sale(self) -> Sale | None:
        """The newest sale that is under way."""
        return next((each for each in self.sales if each.state is SaleState.OPEN), None)

    @property
    def held_lead(self) -> Handoff | None:
        """The lead that somebody has in hands."""
        return self.lead if self.lead and self.lead.state in HELD else None

    @property
    def at_work(self) -> Subject | None:
        """What somebody works on with the contact: the open sale, else the lead in hands."""
        if self.open_sale is not None:
            return ("opportunity", self.open_sale.id)
        return ("lead", self.held_lead.id) if self.held_lead else None


@dataclass(frozen=True, slots=True)
class MergeShown:
    """What merging two contacts would do, in words."""

    survivor: ContactPage
    loser: ContactPage
    filled: Mapping[str, str]
    """What the survivor gets, by label."""
    conflicts: Sequence[Change]
    """Where both say something; `before` is the survivor's, which stays."""
    facts: int
    """How many facts of the loser the survivor's timeline takes in."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What there is of a person: what an erasure takes away, and what it leaves without a name."""

    page: ContactPage
    fields: int
    replaced: int
    consents: int
    words: int
    """What was said around its facts."""
    steps: int
    """What is still to be done with them."""
    files: int
    """Those that can still be brought back among them."""
    facts: int


@once.reading()
def contact_shown(contact_id: int, *, now: datetime, cursor: str = "", channel: str = "") -> ContactShown:
    """Return a living contact whole; raises `Gone`. `cursor` walks its timeline, `channel` narrows it."""
    page = contacts.contact(contact_id)
    living = page.contact.id
    verdict = agreement.verdict_of(living, now=now)
    handoffs = leads.handoffs_of(page.ids, now=now)
    programs, files = nurture.of_contacts(page.ids), contacts.files_of(page.ids)
    known = Known(handoffs, programs, files)
    return ContactShown(
        page=page,
        verdict=verdict,
        ripeness=rules.ripeness(qualified=verdict.qualified, tenths=verdict.tenths, reasons=verdict.reasons)
        if verdict
        else None,
        stage=agreement.stage_of(living),
        handoffs=handoffs,
        events=timeline([living], channel=channel, cursor=cursor, known=known),
        sources=campaigns.sources_of(page.ids),
        details=[*_details(page), *_part(page)],
        past=past_of(Entity.CONTACT, living),
        doubts=contacts.doubts_of(page.ids),
        steps=tasks.open_of_contacts([living]),
        sales=opportunities.of_contacts([living]),
        holds=page.holds,
        programs=programs,
        files=files,
    )


def contact_events(contact_id: int, *, cursor: str = "", channel: str = "") -> Told:
    """Return one page of what happened with a contact."""
    return timeline([contacts.living_id(contact_id)], channel=channel, cursor=cursor)


def merge_shown(*, survivor_id: int, loser_id: int) -> MergeShown:
    """Return what a merge would do; raises `Gone`."""
    preview = contacts.merge_preview(survivor_id=survivor_id, loser_id=loser_id)
    labels = labels_of(Entity.CONTACT)
    told = [change for change in preview.conflicts if change.field not in _PARTS_OF_NAME]
    mine = in_words({change.field: change.before for change in told})
    theirs = in_words({change.field: change.after for change in told})
    filled = in_words({name: each for name, each in preview.filled.items() if name not in _PARTS_OF_NAME})
    return MergeShown(
        survivor=contacts.contact(preview.survivor_id),
        loser=contacts.contact(preview.loser_id),
        filled={labels.get(name, name): value for name, value in filled.items()},
        conflicts=[Change(labels.get(name, name), mine[name], theirs[name]) for name in mine],
        facts=ledger.fact_count([preview.loser_id]),
    )


def traces_of(contact_id: int) -> Traces:
    """Return what there is of a person; raises `Gone`."""
    page = contacts.contact(contact_id)
    known = sum(getattr(page.contact, name) is not None for name in CONTACT_FIELDS)
    return Traces(
        page,
        fields=known + len(page.contact.custom),
        replaced=sum(contacts.history_count(Entity.CONTACT, each) for each in page.ids),
        consents=sum(1 + len(each.earlier) for each in page.consents),
        words=ledger.words_count(page.ids),
        steps=len(tasks.open_of_contacts([page.contact.id])),
        files=len(contacts.files_of(page.ids)) + contacts.removed_files_of(page.ids),
        facts=ledger.fact_count([page.contact.id]),
    )


def _part(page: ContactPage) -> list[tuple[str, str]]:
    """Return which part they have when their company buys, where it is known."""
    return [(gettext("In a purchase"), gettext(page.role.label))] if page.role else []


def _details(page: ContactPage) -> list[tuple[str, str]]:
    own = {f"custom.{name}": value for name, value in page.contact.custom.items()}
    fields = {name: getattr(page.contact, name) for name in _DETAILS}
    return known_of(Entity.CONTACT, in_words({**fields, **own}))
