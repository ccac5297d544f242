"""The room's analytical table, its notices, and what an erasure leaves: its tables hold no word about anybody."""

from django.utils.translation import gettext_noop as _

from orchard.contacts.types import PersonalTable
from orchard.engine.types import ColumnType, LakeSource, TableSpec
from orchard.interactions.types import KINDS
from orchard.tasks.types import NoticeKind

PERSONAL: tuple[PersonalTable, ...] = (
    PersonalTable("lead", free=frozenset({"state", "pool", "why", "reason", "was"})),
    PersonalTable("offer", free=frozenset({"why", "outcome"})),
    PersonalTable("lead_colleague"),
    PersonalTable("lead_pool", free=frozenset({"code"})),
    PersonalTable("lead_turn", free=frozenset({"pool"})),
)

LAKE = LakeSource(
    "lead",
    {
        "id": ColumnType.BIGINT,
        "version_id": ColumnType.BIGINT,
        "round": ColumnType.BIGINT,
        "reason": ColumnType.TEXT,
    },
    "SELECT id, version_id, round, reason FROM lead",
    changed_by=frozenset(name for name in KINDS if name.startswith("lead.")) | {"fact.withdrawn"},
)
"""What the ledger cannot say of a lead, since it holds no words: for which reason it is over."""

LEADS = TableSpec(
    "leads",
    {
        "lead_id": ColumnType.BIGINT,
        "version_id": ColumnType.BIGINT,
        "round": ColumnType.BIGINT,
        "reason": ColumnType.TEXT,
    },
    "",
)
VIEWS = {
    "leads": lambda _filled: (
        "SELECT id AS lead_id, version_id, round, nullif(reason, '') AS reason FROM {lead} every"
    )
}

OFFERED, EXPIRED, ESCALATED = "lead.offered", "lead.expired", "lead.escalated"
GIVEN, UNATTEMPTED, WENT_BACK = "lead.given", "lead.unattempted", "lead.went_back"
JOINED = "lead.joined"

NOTICES = (
    NoticeKind(
        OFFERED,
        words=_("Offered to you: %(contact)s"),
        mail=(_("A lead is offered to you."), _("%(n)s leads are offered to you.")),
        address="leads:show",
        icon="hand-helping",
    ),
    NoticeKind(
        GIVEN,
        words=_("Yours now: %(contact)s"),
        mail=(_("A colleague's lead is yours now."), _("%(n)s leads of colleagues are yours now.")),
        address="leads:show",
        icon="arrow-right-left",
    ),
    NoticeKind(
        EXPIRED,
        words=_("Your offer ran out: %(contact)s"),
        mail=(_("An offer to you ran out."), _("%(n)s offers to you ran out.")),
        address="leads:show",
        icon="clock-alert",
    ),
    NoticeKind(
        UNATTEMPTED,
        words=_("Not tried in time: %(contact)s"),
        mail=(
            _("The first attempt at a lead of yours is late."),
            _("The first attempt at %(n)s leads is late."),
        ),
        address="leads:show",
        icon="clock-alert",
    ),
    NoticeKind(
        WENT_BACK,
        words=_("Went back, since nobody was in touch: %(contact)s"),
        mail=(_("A lead of yours went back."), _("%(n)s leads of yours went back.")),
        address="leads:show",
        icon="undo-2",
    ),
    NoticeKind(
        JOINED,
        words=_("%(contact)s ripened too, at the account of a lead of yours"),
        mail=(
            _("Somebody ripened at the account of a lead of yours."),
            _("%(n)s people ripened at accounts of leads of yours."),
        ),
        address="leads:show",
        icon="users",
    ),
    NoticeKind(
        ESCALATED,
        words=_("Nobody took: %(contact)s"),
        mail=(_("Nobody took a lead."), _("Nobody took %(n)s leads.")),
        address="leads:show",
        icon="siren",
    ),
)
