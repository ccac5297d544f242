"""How members keep lists as they want them: a view is kept, changed, written over, removed, or made the start."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from orchard.journal import actions as journal
from orchard.kit.errors import NotAllowed, Refused
from orchard.team import rules
from orchard.team.models import ListStart, Member, SavedView
from orchard.team.queries.views import may_change_view, may_open_view
from orchard.team.types import MOST_VIEWS, VIEW_LENGTH, VIEW_STATE, UnknownView, ViewNameTaken


def keep_view(
    *,
    member_id: int,
    list_name: str,
    name: str,
    state: Mapping[str, str],
    is_shared: bool,
    starts: bool,
    now: datetime,
) -> int:
    """Keep a list as it is asked for under a name; return the view's id."""
    name = rules.name_of(name, at_most=VIEW_LENGTH)
    _check(state)
    with transaction.atomic():
        # Two windows that save at once count one after the other.
        Member.objects.select_for_update().filter(id=member_id).get()
        mine = SavedView.objects.filter(member=member_id, list=list_name)
        if mine.count() >= MOST_VIEWS:
            raise Refused(
                "You keep {at_most} views of this list. Delete one that you need no more.", at_most=MOST_VIEWS
            )
        if mine.filter(name=name).exists():
            raise _taken(name)
        view = SavedView.objects.create(
            member_id=member_id,
            list=list_name,
            name=name,
            state=dict(state),
            is_shared=is_shared,
            created_at=now,
            changed_at=now,
        )
        if starts:
            _start(member_id, view)
    return view.pk


def change_view(*, view_id: int, name: str, is_shared: bool, actor_id: int, now: datetime) -> None:
    """Give a view another name, share it or keep it to its member; for whom it was the start, it is so no more then."""
    name = rules.name_of(name, at_most=VIEW_LENGTH)
    try:
        with transaction.atomic():
            view = _changeable(view_id, actor_id)
            SavedView.objects.filter(id=view_id).update(name=name, is_shared=is_shared, changed_at=now)
            if not is_shared:
                ListStart.objects.filter(view=view_id).exclude(member=view.member_id).delete()
            _note(view, "view.changed", actor_id, now)
    except IntegrityError as error:
        raise _taken(name) from error


def overwrite_view(*, view_id: int, state: Mapping[str, str], actor_id: int, now: datetime) -> None:
    """Let a view ask for what its list shows now."""
    _check(state)
    with transaction.atomic():
        view = _changeable(view_id, actor_id)
        SavedView.objects.filter(id=view_id).update(state=dict(state), changed_at=now)
        _note(view, "view.overwritten", actor_id, now)


def remove_view(*, view_id: int, actor_id: int, now: datetime) -> str:
    """Remove a view; the list begins without it for everybody. Return its name."""
    with transaction.atomic():
        view = _changeable(view_id, actor_id)
        view.delete()
        _note(view, "view.removed", actor_id, now, number=view_id)
    return view.name


def start_with(*, view_id: int, member_id: int, starts: bool) -> None:
    """Let a list begin with a view for a member, or not any more."""
    with transaction.atomic():
        view = SavedView.objects.select_for_update().filter(id=view_id).first()
        if view is None or not may_open_view(member_id, view_id):
            raise UnknownView("There is no such view any more.")
        if starts:
            _start(member_id, view)
        else:
            ListStart.objects.filter(member=member_id, view=view).delete()


def _start(member_id: int, view: SavedView) -> None:
    ListStart.objects.update_or_create(member_id=member_id, list=view.list, defaults={"view": view})


def _changeable(view_id: int, actor_id: int) -> SavedView:
    view = SavedView.objects.select_for_update().filter(id=view_id).first()
    if view is None:
        raise UnknownView("There is no such view any more.")
    if not may_change_view(actor_id, view_id):
        raise NotAllowed("This view belongs to somebody else. Save one of your own.")
    return view


def _note(view: SavedView, action: str, actor_id: int, now: datetime, *, number: int | None = None) -> None:
    """Write into the audit book what somebody did to a view that was not his or her own."""
    if actor_id != view.member_id:
        details = {"name": view.name, "list": view.list, "of": view.member_id}
        journal.record(
            actor_id=actor_id, action=action, subject=("view", number or view.pk), details=details, now=now
        )


def _check(state: Mapping[str, str]) -> None:
    if any("\0" in part for part in (*state, *state.values())):
        raise Refused("This list asks for signs that cannot be kept. Narrow it in other words.")
    if sum(len(name) + len(value) for name, value in state.items()) > VIEW_STATE:
        raise Refused(
            "This list asks for too much to be kept as a view. Save its condition as a segment instead."
        )


def _taken(name: str) -> ViewNameTaken:
    return ViewNameTaken(
        "There is a view called {name} already. Choose another name, or write over that one.", name=name
    ).at("name")
