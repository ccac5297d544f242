"""Saved views: kept by whom, opened by whom, changed by whom, and what becomes of the list that began with one."""

import pytest

from orchard.contacts import actions as contacts
from orchard.journal.models import Entry
from orchard.kit import clock
from orchard.kit.errors import NotAllowed, Refused
from orchard.team import actions, queries
from orchard.team.models import SavedView
from orchard.team.types import MOST_VIEWS, VIEW_STATE, Role, UnknownView, ViewNameTaken
from tests.make.members import member

pytestmark = pytest.mark.django_db


def keep(who, name="Ripe ones", *, state=None, is_shared=False, starts=False, list_name="contacts"):
    return actions.keep_view(
        member_id=who.id,
        list_name=list_name,
        name=name,
        state={"show": "ripe"} if state is None else state,
        is_shared=is_shared,
        starts=starts,
        now=clock.now(),
    )


def seen_by(who, list_name="contacts"):
    return [view.name for view in queries.views(list_name, member_id=who.id)]


def test_a_view_is_seen_by_its_member_and_once_shared_by_everybody_the_own_ones_first():
    nora, sam = member(), member()
    keep(nora, "Mine")
    keep(nora, "Ours", is_shared=True)
    keep(sam, "Zebra")
    keep(nora, "Elsewhere", list_name="accounts")
    assert seen_by(nora) == ["Mine", "Ours"]
    assert seen_by(sam) == ["Zebra", "Ours"]


def test_a_private_view_is_nobody_else_s_to_open_or_to_change_not_even_a_manager_s():
    nora, boss = member(), member(Role.MANAGER)
    view = keep(nora)
    with pytest.raises(UnknownView):
        queries.view(view, member_id=boss.id)
    with pytest.raises(UnknownView):
        actions.start_with(view_id=view, member_id=boss.id, starts=True)
    with pytest.raises(NotAllowed):
        actions.remove_view(view_id=view, actor_id=boss.id, now=clock.now())
    assert seen_by(nora) == ["Ripe ones"]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_who_manages_may_change_a_shared_view_and_the_audit_book_knows(role):
    view, boss = keep(member(), is_shared=True), member(role)
    actions.change_view(view_id=view, name="Better", is_shared=True, actor_id=boss.id, now=clock.now())
    actions.overwrite_view(view_id=view, state={}, actor_id=boss.id, now=clock.now())
    assert actions.remove_view(view_id=view, actor_id=boss.id, now=clock.now()) == "Better"
    noted = Entry.objects.filter(subject_kind="view", subject_id=view).order_by("id")
    assert [entry.action for entry in noted] == ["view.changed", "view.overwritten", "view.removed"]


def test_a_colleague_may_open_a_shared_view_and_not_change_it():
    view, sam = keep(member(), is_shared=True), member(Role.MARKETING)
    assert queries.view(view, member_id=sam.id).state == {"show": "ripe"}
    for change in (
        lambda: actions.overwrite_view(view_id=view, state={}, actor_id=sam.id, now=clock.now()),
        lambda: actions.remove_view(view_id=view, actor_id=sam.id, now=clock.now()),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_a_list_begins_with_one_view_until_that_is_gone_or_no_longer_shared():
    nora, sam = member(), member()
    first, second = keep(nora, "First", is_shared=True, starts=True), keep(nora, "Second", starts=True)
    assert queries.start_of("contacts", member_id=nora.id).id == second
    actions.start_with(view_id=first, member_id=sam.id, starts=True)
    assert queries.start_of("contacts", member_id=sam.id).id == first
    actions.change_view(view_id=first, name="First", is_shared=False, actor_id=nora.id, now=clock.now())
    assert queries.start_of("contacts", member_id=sam.id) is None
    actions.start_with(view_id=second, member_id=nora.id, starts=False)
    assert queries.start_of("contacts", member_id=nora.id) is None


def test_a_name_is_kept_once_by_each_member_and_is_a_name():
    nora = member()
    view = keep(nora)
    keep(member())
    with pytest.raises(ViewNameTaken):
        keep(nora)
    keep(nora, "Other")
    with pytest.raises(ViewNameTaken):
        actions.change_view(view_id=view, name="Other", is_shared=False, actor_id=nora.id, now=clock.now())
    for name in ("", "  ", "x" * 61, "a\0b"):
        with pytest.raises(Refused):
            keep(nora, name)


def test_nobody_keeps_more_views_than_a_line_can_show_nor_one_of_any_length():
    nora = member()
    for number in range(MOST_VIEWS):
        keep(nora, f"View {number}")
    with pytest.raises(Refused, match="Delete one"):
        keep(nora, "One more")
    with pytest.raises(Refused, match="other words"):
        keep(member(), state={"words": "a\0"})
    with pytest.raises(Refused, match="segment"):
        keep(member(), state={"where": "x" * VIEW_STATE})


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("About Ada Lovelace", {}),
        ("Her", {"words": "ada lovelace"}),
        ("Hers", {"words": "ADA@example.com"}),
    ],
)
def test_a_view_that_names_somebody_goes_with_the_erasure(name, state):
    ada = contacts.create_contact(full_name="Ada Lovelace", emails=["ada@example.com"], now=clock.now())
    nora = member()
    keep(nora, name, state=state, starts=True)
    keep(nora, "Ripe ones")
    contacts.erase_contact(contact_id=ada, now=clock.now(), actor_id=None)
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Ripe ones"]
