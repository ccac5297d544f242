"""The guide to search: each row of its table finds what it says, and its example runs as it stands there."""

import re
from pathlib import Path

import pytest

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.search import queries

pytestmark = pytest.mark.django_db

GUIDE = Path("docs/guides/search.md")


@pytest.fixture
def company():
    """Make the people and the company that the guide speaks of."""
    now = clock.now()
    acme = contacts.create_account(name="Acme", domain="acme.example", ids=[("erp", "KD-4711")], now=now)
    contacts.create_contact(full_name="Anna Gruber", emails=["anna.gruber@acme.example"], now=now)
    contacts.create_contact(full_name="Jürgen Müller", now=now)
    ledger.drain([flow.consumer("search.keys")])
    return acme


def test_each_row_of_the_table_finds_what_it_says(company):
    rows = re.findall(r"^\| (`.*) \| .* \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    typed = [words for row in rows for words in re.findall("`([^`]+)`", row)]
    assert len(typed) > 10
    for words in typed:
        assert queries.find(words).count, words


def test_the_example_runs_as_it_stands_there(company):
    (block,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    names = {}
    exec(block, names)
    assert names["hit"].name == "Anna Gruber"
    assert names["hit"].match.is_typo
