"""The columns of the list of members, and of the audit book."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.kit.words import voiced
from orchard.team.models import Member
from orchard.team.types import Scope
from orchard.web.lists.listing import DOWN, UP, Column, Listing


def _signs_for(member: Member) -> str:
    if member.signs_for_sales and member.signs_for_marketing:
        return _("Sales and Marketing")
    if member.signs_for_sales:
        return _("Sales")
    return _("Marketing") if member.signs_for_marketing else ""


def _sees(member: Member) -> str:
    return {Scope.OWN: _("the own"), Scope.TEAM: _("the team's")}.get(Scope(member.scope), _("everybody's"))


MEMBERS = Listing(
    name="members",
    title=gettext_lazy("Members"),
    address="members:list",
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            lambda member: member.name,
            cell="manage/cells/name.html",
            sort=UP,
            is_name=True,
        ),
        Column("email", gettext_lazy("E-mail"), lambda member: member.email, sort=UP, shown=False),
        Column("role", gettext_lazy("Role"), lambda member: voiced(member.get_role_display()), sort=UP),
        Column("team", gettext_lazy("Team"), lambda member: member.team.name if member.team else ""),
        Column("scope", gettext_lazy("Sees"), _sees),
        Column("signs", gettext_lazy("Signs for"), _signs_for),
        Column(
            "state",
            gettext_lazy("State"),
            lambda member: _("active") if member.is_active else _("switched off"),
            cell="manage/cells/state.html",
        ),
        Column(
            "signed_in",
            gettext_lazy("Last signed in"),
            lambda member: member.last_login,
            cell="manage/cells/signed_in.html",
            sort=DOWN,
        ),
        Column("since", gettext_lazy("Here since"), lambda member: member.created_at, shown=False),
    ),
    order="name",
    filters=("words", "role", "team", "state"),
)

AUDIT = Listing(
    name="audit",
    title=gettext_lazy("Audit book"),
    address="audit:list",
    columns=(
        Column("at", gettext_lazy("When"), lambda line: line.at, cell="manage/cells/at.html", sort=DOWN),
        Column("who", gettext_lazy("Who"), lambda line: line.who or _("Orchard itself")),
        Column("did", gettext_lazy("What"), lambda line: line.did, is_name=True),
        Column(
            "record",
            gettext_lazy("Record"),
            lambda line: line.record or (f"{line.sort} {line.subject_id}" if line.subject_id else ""),
            cell="manage/cells/record.html",
        ),
        Column(
            "details", gettext_lazy("Details"), lambda line: line.details, cell="manage/cells/details.html"
        ),
        Column("number", gettext_lazy("Number"), lambda line: line.subject_id, shown=False, num=True),
    ),
    order="-at",
    filters=("who", "kind", "record", "since", "until"),
)
