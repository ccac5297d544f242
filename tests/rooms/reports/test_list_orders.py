"""The lists of contacts and of accounts, by each of their orders, up and down: each row once, the unknown last."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchard.agreement.models import Verdict
from orchard.contacts import actions as contacts
from orchard.contacts.queries import AccountWish
from orchard.kit import clock
from orchard.kit.paging import By
from orchard.reports import queries
from orchard.reports.queries.contacts import contacts_by
from orchard.reports.types import AccountSort, Sort, Wish
from tests.make.database import undone

pytestmark = pytest.mark.django_db

PEOPLE = st.lists(st.tuples(st.sampled_from([None, "ann", "ben"]), st.none() | st.integers(0, 2)), max_size=7)


def assessed(contact_id, total, *, account_id=None, qualified=False):
    Verdict.objects.create(
        contact_id=contact_id, account_id=account_id, version_id=1, qualified=qualified, total=total, fit=0,
        engagement=0, lines=[], met=[], score_at=clock.now(),
    )  # fmt: skip


def walked(page_of, size):
    on, cursor = [], ""
    while True:
        page = page_of(cursor, size)
        on.append([row.id for row in page.rows])
        if not page.next:
            break
        cursor = page.next
    back = [on[-1]]
    while page.previous:
        page = page_of(page.previous, size)
        back.insert(0, [row.id for row in page.rows])
    assert back == on
    return [each for ids in on for each in ids]


def in_order(values, *, down):
    """Order ids by their value, ties by id; who has none comes last either way."""
    known = sorted((value, key) for key, value in values.items() if value is not None)
    others = sorted(key for key, value in values.items() if value is None)
    parts = [[key for _, key in known], others]
    return [key for part in parts for key in (reversed(part) if down else part)]


@settings(max_examples=25)
@given(people=PEOPLE, sort=st.sampled_from(Sort), down=st.booleans(), size=st.integers(1, 4))
def test_contacts_come_once_and_in_order(people, sort, down, size):
    with undone():
        names, scores = {}, {}
        for n, (name, total) in enumerate(people):
            made = contacts.create_contact(full_name=name, emails=[f"p{n}@example.com"], now=clock.now())
            names[made], scores[made] = name, total
            if total is not None:
                assessed(made, total)
        values = {Sort.SCORE: scores, Sort.NAME: names, Sort.ADDED: {key: key for key in names}}[sort]
        page_of = partial(contacts_by, Wish(by=By(sort, down)), None)
        assert walked(page_of, size) == in_order(values, down=down)


@settings(max_examples=25)
@given(
    companies=st.lists(st.tuples(st.sampled_from(["acme", "bolt"]), st.integers(0, 2)), max_size=5),
    sort=st.sampled_from(AccountSort),
    down=st.booleans(),
    size=st.integers(1, 3),
)
def test_accounts_come_once_and_in_order(companies, sort, down, size):
    with undone():
        names, ripe, number = {}, {}, 0
        for name, people in companies:
            made = contacts.create_account(name=name, now=clock.now())
            names[made], ripe[made] = name, people or None
            for _ in range(people):
                number += 1
                assessed(-number, 1, account_id=made, qualified=True)
        values = {
            AccountSort.NAME: names,
            AccountSort.RIPE: ripe,
            AccountSort.ADDED: {key: key for key in names},
        }[sort]
        found = queries.account_list(AccountWish(), now=clock.now(), by=By(sort, down))
        assert walked(found.page, size) == in_order(values, down=down)
