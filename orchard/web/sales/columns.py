"""The columns of the lists of Sales: leads in hands, the basket, what came back, opportunities."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.kit.words import voiced
from orchard.leads.queries import CameBack, InHands, Waiting
from orchard.opportunities.queries import Sale
from orchard.reports.queries import StepRow
from orchard.web.lists.listing import DOWN, UP, Column, Listing


def _reasons(lead: InHands | Waiting) -> str:
    return "; ".join(lead.reasons)


def _again(lead: CameBack) -> str:
    if lead.eligible_at is None:
        return _("for good") if lead.disqualified else ""
    return f"{lead.eligible_at:%Y-%m-%d}"


_SCORE = Column(
    "score",
    gettext_lazy("Score"),
    lambda lead: lead.points,
    cell="leads/cells/mark.html",
    sort=DOWN,
    is_mark=True,
)
_COMPANY = Column("account", gettext_lazy("Company"), lambda row: row.account, shown=False)

IN_HANDS = Listing(
    name="leads",
    title=gettext_lazy("My leads"),
    address="leads:list",
    columns=(
        _SCORE,
        Column(
            "name",
            gettext_lazy("Name"),
            lambda lead: lead.name,
            cell="leads/cells/name.html",
            sort=UP,
            is_name=True,
        ),
        Column(
            "why",
            gettext_lazy("Why, or what comes next"),
            _reasons,
            cell="leads/cells/why.html",
            is_said=True,
        ),
        Column("title", gettext_lazy("Job title"), lambda lead: lead.title, shown=False),
        _COMPANY,
        Column(
            "step",
            gettext_lazy("Next step"),
            lambda lead: lead.step.words if lead.step else None,
            shown=False,
        ),
        Column("since", gettext_lazy("Since"), lambda lead: lead.since, sort=UP, shown=False),
        Column("round", gettext_lazy("Round"), lambda lead: lead.round, shown=False, num=True),
        Column(
            "clock",
            gettext_lazy("Clock"),
            lambda lead: lead.due_at or lead.attempt_due_at or lead.rots_at,
            cell="leads/cells/clock.html",
            is_said=True,
        ),
    ),
    order="since",
    filters=("show",),
    acts="leads/cells/acts.html",
)

BASKET = Listing(
    name="basket",
    title=gettext_lazy("Basket"),
    address="basket:list",
    columns=(
        _SCORE,
        Column(
            "name", gettext_lazy("Name"), lambda lead: lead.name, cell="leads/cells/name.html", is_name=True
        ),
        Column("why", gettext_lazy("Why"), _reasons, cell="leads/cells/reasons.html", is_said=True),
        Column("title", gettext_lazy("Job title"), lambda lead: lead.title, shown=False),
        _COMPANY,
        Column("ripe", gettext_lazy("Ripe since"), lambda lead: lead.ripe_at, sort=DOWN),
        Column("fresh", gettext_lazy("Something happened"), lambda lead: lead.fresh_at, shown=False),
    ),
    order="-score",
    filters=("show",),
    acts="basket/acts.html",
)

CAME_BACK = Listing(
    name="returned",
    title=gettext_lazy("What came back and why"),
    address="leads:returned",
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            lambda lead: lead.name,
            cell="leads/cells/returned.html",
            is_name=True,
        ),
        Column(
            "reason",
            gettext_lazy("Reason"),
            lambda lead: lead.label,
            cell="leads/cells/reason.html",
            is_said=True,
        ),
        Column("words", gettext_lazy("What was said"), lambda lead: lead.words, shown=False),
        _COMPANY,
        Column("member", gettext_lazy("Who had it"), lambda lead: lead.member, shown=False),
        Column("round", gettext_lazy("Round"), lambda lead: lead.round, shown=False, num=True),
        Column("again", gettext_lazy("Comes again"), _again, cell="leads/cells/again.html", is_said=True),
        Column("closed", gettext_lazy("Came back"), lambda lead: lead.closed_at, sort=DOWN),
    ),
    order="-closed",
    filters=("reason", "campaign", "member", "coming"),
)


def _with(row: StepRow) -> str:
    return (row.contact.full_name or row.contact.email or "") if row.contact else ""


TASKS = Listing(
    name="tasks",
    title=gettext_lazy("My tasks"),
    address="tasks:list",
    columns=(
        Column("name", gettext_lazy("What"), lambda row: voiced(row.step.words), is_name=True),
        Column("sort", gettext_lazy("Sort"), lambda row: voiced(row.step.what.label)),
        Column("contact", gettext_lazy("With"), _with),
        Column("account", gettext_lazy("Company"), lambda row: row.contact and row.contact.account_name),
        Column("phone", gettext_lazy("Phone"), lambda row: row.contact and row.contact.phone),
        Column("due", gettext_lazy("Due"), lambda row: row.step.due_on),
        Column("at", gettext_lazy("At"), lambda row: row.step.starts_at),
        Column("place", gettext_lazy("Place"), lambda row: row.step.place),
        Column("member", gettext_lazy("Whose"), lambda row: row.step.member),
    ),
    order="",
    keeps_views=False,
)


def _flag(sale: Sale) -> str:
    if sale.step is not None:
        return voiced(sale.step.words)
    return _("no next step") if sale.flagged else ""


OPPORTUNITIES = Listing(
    name="opportunities",
    title=gettext_lazy("Opportunities"),
    address="opportunities:list",
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            lambda sale: sale.name,
            cell="opportunities/cells/name.html",
            sort=UP,
            is_name=True,
        ),
        Column("contact", gettext_lazy("Contact"), lambda sale: sale.contact, shown=False),
        _COMPANY,
        Column("member", gettext_lazy("Whose"), lambda sale: sale.member, sort=UP, shown=False),
        Column("step", gettext_lazy("Next step"), _flag, cell="opportunities/cells/step.html", is_said=True),
        Column("amount", gettext_lazy("Amount"), lambda sale: sale.amount, sort=DOWN, num=True, amount=True),
        Column("expected", gettext_lazy("Expected"), lambda sale: sale.expected_on, sort=UP),
        Column(
            "moved",
            gettext_lazy("Opened or closed"),
            lambda sale: sale.closed_at or sale.opened_at,
            sort=DOWN,
        ),
    ),
    order="-moved",
    filters=("show", "of"),
)
