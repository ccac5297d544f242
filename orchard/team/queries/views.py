"""Which views of a list a member may open, and with which one the list begins."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from orchard.team.models import ListStart, Member, SavedView
from orchard.team.types import MANAGING, UnknownView, View


def views(list_name: str, *, member_id: int) -> list[View]:
    """Return the views of a list that a member may open: the own ones first, each part by name."""
    found = _seen_by(member_id).filter(list=list_name).order_by(Lower("name"), "id")
    return sorted((_shown(row, member_id) for row in found), key=lambda view: not view.is_mine)


def view(view_id: int, *, member_id: int) -> View:
    """Return one view that a member may open."""
    row = _seen_by(member_id).filter(id=view_id).first()
    if row is None:
        raise UnknownView("There is no such view any more.")
    return _shown(row, member_id)


def view_names(view_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return the names of these views and of who keeps each, whoever may open them."""
    rows = SavedView.objects.filter(id__in=set(view_ids)).values_list("id", "name", "member__name")
    return {number: (name, member) for number, name, member in rows}


def start_of(list_name: str, *, member_id: int) -> View | None:
    """Return the view with which a list begins for a member."""
    begins = ListStart.objects.filter(member=member_id, list=list_name).values("view")
    row = _seen_by(member_id).filter(id__in=begins).first()
    return None if row is None else _shown(row, member_id)


def may_change_view(member_id: int, view_id: int) -> bool:
    """Tell whether a view is the member's to change: the own one, or a shared one where the member manages."""
    manages = Exists(Member.objects.filter(id=member_id, role__in=[role.value for role in MANAGING]))
    return SavedView.objects.filter(Q(member=member_id) | Q(manages, is_shared=True), id=view_id).exists()


def may_open_view(member_id: int, view_id: int) -> bool:
    """Tell whether a member keeps a view or it is shared."""
    return _seen_by(member_id).filter(id=view_id).exists()


def _seen_by(member_id: int) -> QuerySet[SavedView]:
    starts = Exists(ListStart.objects.filter(member=member_id, view=OuterRef("pk")))
    rows = SavedView.objects.filter(Q(member=member_id) | Q(is_shared=True))
    return rows.select_related("member").annotate(starts=starts)


def _shown(row: SavedView, member_id: int) -> View:
    return View(
        id=row.pk,
        list=row.list,
        name=row.name,
        state=row.state,
        is_shared=row.is_shared,
        member_id=row.member_id,
        member=row.member.name,
        is_mine=row.member_id == member_id,
        starts=bool(vars(row)["starts"]),
    )
