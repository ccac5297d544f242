"""The one list of kinds of facts: what each means, where it happens, and what it may count for."""

from dataclasses import dataclass, replace
from enum import StrEnum

from orchard.kit.words import Phrase, marked


class Weight(StrEnum):
    """What a fact is between two people: a real exchange, our try at one, or neither."""

    TOUCH = "touch"
    ATTEMPT = "attempt"
    NEITHER = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact.

    `direction` is `in` (from the contact), `out` (from us) or empty (about the contact). Only kinds that `scores`
    may stand in a score; machine hits and opens never do.
    """

    name: str
    label: str
    channel: str
    direction: str
    scores: bool = False
    weight: Weight = Weight.NEITHER
    icon: str = "dot"

    @property
    def phrase(self) -> str:
        """Words that follow "has" in a sentence: `asked for a quote`."""
        return Phrase(_AFTER_HAS[self.name])


def _listed(*kinds: Kind) -> dict[str, Kind]:
    return {kind.name: replace(kind, label=Phrase(kind.label)) for kind in kinds}


KINDS = _listed(
    # What contacts do.
    Kind("form.submitted", "Sent a form", "web", "in", scores=True, icon="file-text"),
    Kind("page.viewed", "Looked at a page", "web", "in", scores=True, icon="globe"),
    Kind("content.downloaded", "Downloaded content", "web", "in", scores=True, icon="download"),
    Kind("email.opened", "Opened a mail", "email", "in", icon="mail-open"),
    Kind("email.clicked", "Clicked in a mail", "email", "in", scores=True, icon="mouse-pointer-click"),
    Kind("email.replied", "Answered a mail", "email", "in", scores=True, weight=Weight.TOUCH, icon="reply"),
    Kind("webinar.registered", "Registered for a webinar", "event", "in", scores=True, icon="calendar-plus"),
    Kind("webinar.attended", "Attended a webinar", "event", "in", scores=True, icon="presentation"),
    Kind("event.registered", "Registered for an event", "event", "in", scores=True, icon="calendar-plus"),
    Kind("event.attended", "Attended an event", "event", "in", scores=True, icon="calendar-check"),
    Kind("show.visited", "Visited our booth", "show", "in", scores=True, weight=Weight.TOUCH, icon="tent"),
    Kind(
        "question.asked", "Asked a question", "", "in", scores=True, weight=Weight.TOUCH, icon="circle-help"
    ),
    Kind("quote.requested", "Asked for a quote", "", "in", scores=True, weight=Weight.TOUCH, icon="receipt"),
    Kind("sample.requested", "Asked for a sample", "", "in", scores=True, icon="package"),
    Kind("campaign.responded", "Responded to a campaign", "", "in", scores=True, icon="megaphone"),
    Kind("social.connected", "Connected on a network", "social", "in", icon="link"),
    Kind(
        "social.replied",
        "Answered on a network",
        "social",
        "in",
        scores=True,
        weight=Weight.TOUCH,
        icon="reply",
    ),
    # What we do.
    Kind(
        "campaign.joined",
        "Was added to a campaign",
        "",
        "out",
        icon="megaphone",
    ),
    Kind("email.sent", "Was sent a mail", "email", "out", icon="mail"),
    Kind(
        "mail.logged",
        "Mail written",
        "email",
        "out",
        weight=Weight.ATTEMPT,
        icon="mail",
    ),
    Kind(
        "call.connected",
        "Talked on the phone",
        "phone",
        "out",
        scores=True,
        weight=Weight.TOUCH,
        icon="phone",
    ),
    Kind(
        "call.attempted",
        "Call not answered",
        "phone",
        "out",
        weight=Weight.ATTEMPT,
        icon="phone-missed",
    ),
    Kind("meeting.held", "Met", "meeting", "out", scores=True, weight=Weight.TOUCH, icon="users"),
    Kind(
        "meeting.missed",
        "Did not come to a meeting",
        "meeting",
        "out",
        weight=Weight.ATTEMPT,
        icon="user-x",
    ),
    Kind("note.written", "Note", "", "", icon="notebook-pen"),
    Kind("file.added", "File added", "", "", icon="paperclip"),
    Kind("task.done", "Task done", "", "out", icon="check"),
    # What we are to do.
    Kind("task.planned", "Next step planned", "", "", icon="calendar-plus"),
    Kind("task.changed", "Next step changed", "", "", icon="pencil"),
    Kind("task.dropped", "Next step dropped", "", "", icon="x"),
    Kind("meeting.planned", "Meeting planned", "meeting", "", icon="calendar-plus"),
    Kind("meeting.changed", "Meeting changed", "meeting", "", icon="calendar"),
    Kind("meeting.cancelled", "Meeting cancelled", "meeting", "", icon="circle-x"),
    # What we know.
    Kind("contact.created", "Became known", "", "", icon="user-plus"),
    Kind("contact.changed", "Details changed", "", "", icon="pencil"),
    Kind("contact.merged", "Joined with another record", "", "", icon="merge"),
    Kind("contact.unmerged", "Separated again", "", "", icon="split"),
    Kind("contact.put_aside", "Put aside by Sales", "", "", icon="pause"),
    Kind("contact.erased", "Erased", "", "", icon="eraser"),
    Kind("account.changed", "Account details changed", "", "", icon="building"),
    Kind("consent.granted", "Gave consent", "", "in", icon="shield-check"),
    Kind("consent.withdrawn", "Withdrew consent", "", "in", icon="shield-x"),
    # What follows from the agreement.
    Kind("agreement.proposed", "Agreement proposed", "", "", icon="file-pen-line"),
    Kind("agreement.withdrawn", "Proposal withdrawn", "", "", icon="undo-2"),
    Kind("agreement.signed", "Agreement signed", "", "", icon="signature"),
    Kind("agreement.in_force", "Agreement came into force", "", "", icon="scale"),
    Kind("verdict.due", "Time to look again", "", "", icon="clock"),
    Kind("verdict.changed", "Verdict changed", "", "", icon="scale"),
    Kind("stage.entered", "Entered a stage", "", "", icon="sprout"),
    # Leads.
    Kind("lead.waiting", "Became a lead", "", "", icon="apple"),
    Kind("lead.joined", "Joined a colleague's lead", "", "", icon="users"),
    Kind("lead.left", "Colleague's lead is over", "", "", icon="log-out"),
    Kind("lead.offered", "Lead offered", "", "", icon="hand-helping"),
    Kind("lead.expired", "Offer ran out", "", "", icon="clock-alert"),
    Kind("lead.escalated", "Nobody took the lead", "", "", icon="siren"),
    Kind("lead.reassigned", "Lead given to another member", "", "", icon="arrow-right-left"),
    Kind("lead.taken_back", "Offer taken back", "", "", icon="undo-2"),
    Kind("lead.released", "Stale lead released", "", "", icon="lock-open"),
    Kind("lead.unattempted", "First attempt is late", "", "", icon="clock-alert"),
    Kind("lead.withdrawn", "Lead withdrawn", "", "", icon="undo-2"),
    Kind("lead.accepted", "Lead accepted", "", "", icon="check"),
    Kind("lead.returned", "Lead came back", "", "", icon="undo-2"),
    Kind("lead.disqualified", "Lead disqualified", "", "", icon="ban"),
    Kind("lead.converted", "Lead became an opportunity", "", "", icon="circle-dollar-sign"),
    Kind("lead.eligible", "May become a lead again", "", "", icon="alarm-clock"),
    Kind("lead.reinstated", "May become a lead after all", "", "", icon="rotate-ccw"),
    # The sale.
    Kind(
        "opportunity.opened",
        "Opportunity opened",
        "",
        "",
        icon="circle-dollar-sign",
    ),
    Kind("opportunity.changed", "Opportunity changed", "", "", icon="pencil"),
    Kind("opportunity.reassigned", "Opportunity given to another member", "", "", icon="arrow-right-left"),
    Kind("opportunity.joined", "Joined an opportunity", "", "", icon="users"),
    Kind("opportunity.won", "Won", "", "", icon="trophy"),
    Kind("opportunity.lost", "Lost", "", "", icon="circle-x"),
    # Programs.
    Kind("program.entered", "Entered a program", "", "", icon="log-in"),
    Kind("program.left", "Left a program", "", "", icon="log-out"),
    # Segments.
    Kind("segment.saved", "Segment saved", "", "", icon="users"),
    Kind("segment.archived", "Segment put away", "", "", icon="archive"),
    Kind("segment.restored", "Segment taken out again", "", "", icon="rotate-ccw"),
    # Corrections.
    Kind("fact.withdrawn", "A fact was withdrawn", "", "", icon="eraser"),
    Kind("fact.reassigned", "A fact was moved to another contact", "", "", icon="arrow-right"),
    Kind("fact.discounted", "Said to be not useful", "", "", icon="thumbs-down"),
    Kind("fact.counted", "Said to be useful after all", "", "", icon="thumbs-up"),
    Kind("import.undone", "An import was undone", "", "", icon="undo-2"),
)

_AFTER_HAS = {
    "form.submitted": marked("sent a form"),
    "page.viewed": marked("looked at a page"),
    "content.downloaded": marked("downloaded content"),
    "email.opened": marked("opened a mail"),
    "email.clicked": marked("clicked in a mail"),
    "email.replied": marked("answered a mail"),
    "webinar.registered": marked("registered for a webinar"),
    "webinar.attended": marked("attended a webinar"),
    "event.registered": marked("registered for an event"),
    "event.attended": marked("attended an event"),
    "show.visited": marked("visited our booth"),
    "question.asked": marked("asked a question"),
    "quote.requested": marked("asked for a quote"),
    "sample.requested": marked("asked for a sample"),
    "campaign.responded": marked("responded to a campaign"),
    "social.connected": marked("connected on a network"),
    "social.replied": marked("answered on a network"),
    "campaign.joined": marked("been added to a campaign"),
    "email.sent": marked("been sent a mail"),
    "mail.logged": marked("been written a mail by hand"),
    "call.connected": marked("talked on the phone"),
    "call.attempted": marked("not answered a call"),
    "meeting.held": marked("met"),
    "meeting.missed": marked("not come to a meeting"),
    "note.written": marked("been written a note about"),
    "file.added": marked("had a file added to their record"),
    "task.done": marked("had a task done for them"),
    "task.planned": marked("next step planned"),
    "task.changed": marked("next step changed"),
    "task.dropped": marked("next step dropped"),
    "meeting.planned": marked("meeting planned"),
    "meeting.changed": marked("meeting changed"),
    "meeting.cancelled": marked("meeting cancelled"),
    "contact.created": marked("became known"),
    "contact.changed": marked("details changed"),
    "contact.merged": marked("joined with another record"),
    "contact.unmerged": marked("separated again"),
    "contact.put_aside": marked("been put aside by Sales"),
    "contact.erased": marked("erased"),
    "account.changed": marked("account details changed"),
    "consent.granted": marked("given consent"),
    "consent.withdrawn": marked("withdrawn consent"),
    "agreement.proposed": marked("agreement proposed"),
    "agreement.withdrawn": marked("proposal withdrawn"),
    "agreement.signed": marked("agreement signed"),
    "agreement.in_force": marked("agreement came into force"),
    "verdict.due": marked("time to look again"),
    "verdict.changed": marked("verdict changed"),
    "stage.entered": marked("entered a stage"),
    "lead.waiting": marked("become a lead"),
    "lead.joined": marked("joined a colleague's lead"),
    "lead.left": marked("colleague's lead is over"),
    "lead.offered": marked("been offered as a lead"),
    "lead.expired": marked("offer ran out"),
    "lead.escalated": marked("nobody took the lead"),
    "lead.reassigned": marked("lead given to another member"),
    "lead.taken_back": marked("offer taken back"),
    "lead.released": marked("stale lead released"),
    "lead.unattempted": marked("first attempt is late"),
    "lead.withdrawn": marked("lead withdrawn"),
    "lead.accepted": marked("been accepted as a lead"),
    "lead.returned": marked("come back as a lead"),
    "lead.disqualified": marked("been disqualified"),
    "lead.converted": marked("lead became an opportunity"),
    "lead.eligible": marked("may become a lead again"),
    "lead.reinstated": marked("may become a lead after all"),
    "opportunity.opened": marked("opened an opportunity"),
    "opportunity.changed": marked("opportunity changed"),
    "opportunity.reassigned": marked("opportunity given to another member"),
    "opportunity.joined": marked("joined an opportunity"),
    "opportunity.won": marked("bought"),
    "opportunity.lost": marked("decided against us"),
    "program.entered": marked("entered a program"),
    "program.left": marked("left a program"),
    "segment.saved": marked("segment saved"),
    "segment.archived": marked("segment put away"),
    "segment.restored": marked("segment taken out again"),
    "fact.withdrawn": marked("a fact was withdrawn"),
    "fact.reassigned": marked("a fact was moved to another contact"),
    "fact.discounted": marked("said to be not useful"),
    "fact.counted": marked("said to be useful after all"),
    "import.undone": marked("an import was undone"),
}

SCORING = frozenset(kind.name for kind in KINDS.values() if kind.scores)
MOVABLE = frozenset(kind.name for kind in KINDS.values() if kind.scores and kind.direction == "in")
"""What one person does and another may be taken for: such a fact can be given to whom it belongs."""
WITH_SALES = ("lead.offered", "lead.accepted", "opportunity.won")
"""That somebody was given to Sales, was taken, and bought."""
TOUCHES = frozenset(kind.name for kind in KINDS.values() if kind.weight is Weight.TOUCH)
ATTEMPTS = frozenset(kind.name for kind in KINDS.values() if kind.weight is Weight.ATTEMPT)

STEP_TURNS = frozenset(
    {
        "task.planned",
        "task.changed",
        "task.done",
        "task.dropped",
        "meeting.planned",
        "meeting.changed",
        "meeting.cancelled",
    }
)
"""Kinds that tell what became of a step somebody is to do."""

TALKS = "talks"
"""What a timeline narrowed to touches alone is called, beside the channels."""

# Where a kind without a channel of its own stands on a timeline, by the first part of its name.
_STANDS = {
    **dict.fromkeys(("question", "quote", "sample"), "request"),
    **dict.fromkeys(("lead", "opportunity", "verdict", "stage", "agreement"), "lead"),
    **dict.fromkeys(("contact", "account", "consent", "fact", "import", "segment"), "record"),
}


def channel_of(kind: Kind) -> str:
    """Return under which channel a timeline shows facts of a kind: its own, else the one of its family."""
    family = kind.name.partition(".")[0]
    return kind.channel or _STANDS.get(family, family)


CHANNELS = tuple(dict.fromkeys(channel_of(kind) for kind in KINDS.values()))
"""Every channel of a timeline, in the order of the list of kinds."""


def kinds_in(channel: str) -> frozenset[str] | None:
    """Return the kinds that a timeline narrowed to a channel, or to `TALKS`, shows; None for what is neither."""
    if channel == TALKS:
        return TOUCHES
    return frozenset(kind.name for kind in KINDS.values() if channel_of(kind) == channel) or None


TRIES = ATTEMPTS | {name for name in TOUCHES if KINDS[name].direction == "out"}
"""What we do to reach a contact, in vain or not."""

# What a condition may well ask for: what contacts did, what we did, what became of it. The rest is bookkeeping.
OUTCOMES = (
    "lead.waiting",
    "lead.accepted",
    "lead.returned",
    "lead.disqualified",
    "opportunity.opened",
    "opportunity.won",
    "opportunity.lost",
)
TOLD = (
    *(kind.name for kind in KINDS.values() if kind.direction == "in"),
    *(kind.name for kind in KINDS.values() if kind.direction == "out"),
    *OUTCOMES,
)

# Kinds that software can make without a person: the classifier decides about each such fact.
MACHINE_PRONE = frozenset({"page.viewed", "email.opened", "email.clicked", "content.downloaded"})
