"""THE table: which consumer reads the ledger, its sort, and what it comes after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from orchard.agreement import consume as agreement
from orchard.agreement import jobs as agreement_jobs
from orchard.agreement.queries import office_hours
from orchard.api import jobs as api_jobs
from orchard.connect import jobs as connect_jobs
from orchard.contacts import jobs as contacts_jobs
from orchard.engine import jobs as engine_jobs
from orchard.interactions import consume as interactions
from orchard.interactions import jobs as ledger_jobs
from orchard.interactions.types import Consumer, Sort
from orchard.kit.words import Phrase
from orchard.leads import consume as leads
from orchard.leads import jobs as leads_jobs
from orchard.nurture import consume as nurture
from orchard.nurture import jobs as nurture_jobs
from orchard.outbox import jobs as outbox
from orchard.reports import jobs as reports_jobs
from orchard.search import consume as search
from orchard.segments import consume as segments
from orchard.segments import jobs as segments_jobs
from orchard.segments import queries as segment_queries
from orchard.tasks import jobs as tasks_jobs
from orchard.team import jobs as team_jobs


@dataclass(frozen=True, slots=True)
class Clockwork:
    """Something looked for again and again: `function(now)` does what is due and returns how much it did."""

    name: str
    function: Callable[[datetime], int]
    every: float
    """Seconds between two looks, at least."""


CONSUMERS: tuple[Consumer, ...] = (
    Consumer(
        name="interactions.classify",
        function=interactions.classify,
        sort=Sort.PROJECTION,
        reset=interactions.forget_classes,
        folds={"interaction_class": ("interaction_id", "made_by", "version")},
        with_next=True,
        named=Phrase("Person or machine"),
        says=Phrase("tells apart what a person did, what a machine did, and what nobody can tell"),
        lacks=Phrase("What happened since does not count towards scores."),
    ),
    Consumer(
        name="agreement.stages",
        function=agreement.stages,
        sort=Sort.PROJECTION,
        reset=agreement.forget_stages,
        folds={"stage": ("contact_id", "stage", "basis", "since", "rounds", "unaided")},
        with_next=True,
        named=Phrase("Stages"),
        says=Phrase("keeps the stage of each contact, since when it is there, and how often it came back"),
        lacks=Phrase("Stages stay as they were, and who came back is not counted."),
    ),
    Consumer(
        name="agreement.assess",
        function=agreement.assess,
        sort=Sort.PROJECTION,
        after=("interactions.classify", "agreement.stages"),
        patient=True,
        reset=agreement.forget_verdicts,
        # The score only decays between two looks; what it decides is the same at the same hour.
        folds={"verdict": ("contact_id", "account_id", "version_id", "qualified", "met", "fresh_at")},
        with_next=True,
        named=Phrase("Scores and verdicts"),
        says=Phrase("applies the agreement in force: the score, whether it is enough, and until when"),
        lacks=Phrase("Scores stay as they were, so nobody becomes a lead by what happened since."),
    ),
    Consumer(
        name=agreement.ANNOUNCE,
        function=agreement.announce_changes,
        sort=Sort.REACTION,
        after=("agreement.assess",),
        named=Phrase("News of verdicts"),
        says=Phrase("tells all others, once, that a contact qualified or no longer does"),
        lacks=Phrase("Who qualified since does not become a lead."),
    ),
    Consumer(
        name="leads.basket",
        function=leads.basket,
        sort=Sort.REACTION,
        after=("agreement.announce",),
        named=Phrase("Basket"),
        says=Phrase(
            "lets a lead wait for each contact that qualified, withdraws it when that no longer holds,"
            " and moves the clocks of leads in hands"
        ),
        lacks=Phrase(
            "No new lead comes into the basket, and calls and meetings do not stop the clocks of leads."
        ),
    ),
    Consumer(
        name="leads.offers",
        function=leads.offers,
        sort=Sort.REACTION,
        after=("leads.basket",),
        named=Phrase("Offers"),
        says=Phrase(
            "offers what waits in the basket to whose turn it is, the highest score first, up to what"
            " members take"
        ),
        lacks=Phrase("Leads wait in the basket for longer than they must."),
    ),
    Consumer(
        name=nurture.NAME,
        function=nurture.enrolments,
        sort=Sort.REACTION,
        after=("leads.basket",),
        named=Phrase("Programs"),
        says=Phrase(
            "lets contacts who came back, or fit, into programs, holds them while Sales works with"
            " them, and ends what is at its goal or over"
        ),
        lacks=Phrase("Nobody enters a program by what happened since, and nobody is held or let out of one."),
    ),
    Consumer(
        name="agreement.announce_stages",
        function=agreement.announce_new_stages,
        sort=Sort.REACTION,
        after=("agreement.stages",),
        named=Phrase("News of stages"),
        says=Phrase(
            "writes down, once, that a contact reached a new stage; not for who merely became engaged"
        ),
        lacks=Phrase("New stages are missing on timelines and in reports."),
    ),
    Consumer(
        name=segments.NAME,
        function=segments.members,
        sort=Sort.PROJECTION,
        after=("interactions.classify", "agreement.stages", "agreement.assess"),
        reset=segments.forget_members,
        folds={
            "segment_member": ("contact_id", "segment_id", "is_member", "changes_at"),
            "segment_count": ("segment_id", "members"),
        },
        aside=True,
        idle=lambda: not segment_queries.is_there_any(),
        named=Phrase("Segments"),
        says=Phrase(
            "asks every segment whom it fits after something happened; nothing while there is no segment"
        ),
        lacks=Phrase("Segments list who no longer fits, and lack who does by now."),
    ),
    Consumer(
        name="search.keys",
        function=search.keep_keys,
        sort=Sort.PROJECTION,
        reset=search.forget_keys,
        folds={
            "search_contact": ("contact_id", "words"),
            "search_account": ("account_id", "words"),
            "search_word": ("word", "among", "keys"),
        },
        kinds=search.KINDS,
        aside=True,
        named=Phrase("Search"),
        says=Phrase("keeps the words by which contacts and accounts are found"),
        lacks=Phrase("Search does not find new names and changed ones."),
    ),
)


def remind(now: datetime) -> int:
    """Remind of steps when work begins on their day, and of meetings shortly before; return how many were looked at."""
    return tasks_jobs.remind(now, default=office_hours())


def mail_digests(now: datetime) -> int:
    """Mail to members, once an hour while they work, how much they have not seen; return how many mails there are."""
    return tasks_jobs.mail_digests(now, default=office_hours())


def sweep(now: datetime) -> int:
    """Look at everybody for each live program: when it goes live, then once an hour; return how many entered."""
    return nurture_jobs.sweep(
        now,
        matching=lambda condition: segment_queries.contacts_matching(condition, now=now).contact_ids,
        readers=[nurture.NAME],
    )


def read_aside(_now: datetime) -> int:
    """Let those who stand aside read on; return how many facts that were."""
    return ledger_jobs.read_aside([each for each in CONSUMERS if each.aside])


# Short things, looked for beside the live lane.
CLOCKWORK: tuple[Clockwork, ...] = (
    Clockwork("agreement.due", agreement_jobs.due, every=5.0),
    Clockwork("leads.tick", leads_jobs.tick, every=2.0),
    Clockwork("leads.look_round", leads_jobs.look_round, every=10.0),
    Clockwork("leads.draw", leads_jobs.draw, every=5.0),
    Clockwork("nurture.move", nurture_jobs.move, every=2.0),
    Clockwork("outbox.deliver_email", outbox.deliver_email, every=2.0),
    Clockwork("tasks.remind", remind, every=15.0),
    Clockwork("tasks.mail_digests", mail_digests, every=30.0),
    Clockwork("tasks.forget_notices", tasks_jobs.forget_notices, every=3600.0),
    Clockwork("api.forget_answers", api_jobs.forget_answers, every=3600.0),
    Clockwork("team.forget_sessions", team_jobs.forget_sessions, every=3600.0),
    Clockwork("outbox.forget_old", outbox.forget_old, every=3600.0),
    Clockwork("contacts.note_erasures", contacts_jobs.note_erasures, every=300.0),
    Clockwork("contacts.forget_files", contacts_jobs.forget_files, every=3600.0),
)


# Things that may take seconds and that nobody in the lanes waits for, each in a thread of its own.
ASIDE: tuple[Clockwork, ...] = (
    Clockwork("interactions.read_aside", read_aside, every=0.5),
    Clockwork("segments.turn_due", segments_jobs.turn_due, every=10.0),
    Clockwork("segments.count", segments_jobs.count, every=1.0),
)


# Long things, each taking as long as it takes.
WORK: tuple[Clockwork, ...] = (
    Clockwork("connect.imports", connect_jobs.work, every=1.0),
    Clockwork("agreement.refresh", agreement_jobs.refresh_new_version, every=2.0),
    Clockwork("agreement.refresh_daily", agreement_jobs.refresh_daily, every=600.0),
    Clockwork("nurture.sweep", sweep, every=10.0),
    Clockwork("engine.lake", engine_jobs.keep_up, every=3600.0),
    Clockwork("engine.lake_tail", engine_jobs.follow, every=60.0),
    Clockwork("reports.orchard", reports_jobs.keep_ready, every=3600.0),
)


def consumer(name: str) -> Consumer:
    """Return the consumer of that name; KeyError where there is none."""
    return {each.name: each for each in CONSUMERS}[name]
