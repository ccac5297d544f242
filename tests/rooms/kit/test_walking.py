"""Lists are walked by any value, up and down, page by page: each row once and in order, the unknown last."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchard.kit.errors import Refused
from orchard.kit.paging import By
from orchard.kit.walking import named, walk
from orchard.team.models import Member
from tests.make.database import undone

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
SORTS = {
    "name": named("name", str),
    "leads": named("capacity", int),
    "signed_in": named("last_login", datetime, empty=True),
}
FIELDS = {"name": "name", "leads": "capacity", "signed_in": "last_login"}

people = st.lists(
    st.tuples(
        st.sampled_from(["ann", "ben", ""]),
        st.integers(0, 2),
        st.none() | st.integers(0, 2).map(lambda days: DAY - timedelta(days=days)),
    ),
    max_size=9,
)


def add(rows):
    made = [
        Member(
            email=f"m{n}@orchard.example",
            name=name,
            scope="own",
            capacity=leads,
            last_login=at,
            created_at=DAY,
        )
        for n, (name, leads, at) in enumerate(rows)
    ]
    return Member.objects.bulk_create(made)


def in_order(rows, by):
    def key(row):
        return getattr(row, FIELDS[by.key])

    known = sorted((row for row in rows if key(row) is not None), key=lambda row: (key(row), row.pk))
    others = sorted((row for row in rows if key(row) is None), key=lambda row: row.pk)
    return [row.pk for part in (known, others) for row in (reversed(part) if by.down else part)]


def walked(by, size):
    """Walk to the end and back to the beginning; give the pages of both ways, each from the beginning."""
    on, back, cursor = [], [], ""
    while True:
        page = walk(Member.objects.all(), SORTS, by, cursor=cursor, size=size)
        on.append([row.pk for row in page.rows])
        if not page.next:
            break
        cursor = page.next
    back.append(on[-1])
    while page.previous:
        page = walk(Member.objects.all(), SORTS, by, cursor=page.previous, size=size)
        back.insert(0, [row.pk for row in page.rows])
    return on, back


@settings(max_examples=40)
@given(rows=people, key=st.sampled_from(sorted(SORTS)), down=st.booleans(), size=st.integers(1, 4))
def test_each_row_is_met_once_and_in_order_on_and_back(rows, key, down, size):
    with undone():
        made, by = add(rows), By(key, down)
        on, back = walked(by, size)
        assert [pk for page in on for pk in page] == in_order(made, by)
        assert back == on


def test_a_cursor_of_one_order_is_refused_by_another_whose_values_are_of_another_sort():
    add([("ann", 1, DAY), ("ben", 2, None)])
    page = walk(Member.objects.all(), SORTS, By("name"), size=1)
    with pytest.raises(Refused):
        walk(Member.objects.all(), SORTS, By("leads"), cursor=page.next, size=1)
