"""The guide to lists: its declaration is one, its address opens, and it names every list that there is."""

import re
from pathlib import Path

import pytest

from orchard.kit.paging import By
from orchard.team.types import Role
from orchard.web.lists.catalogue import LISTS
from tests.make.members import member

pytestmark = pytest.mark.django_db

GUIDE = Path("docs/guides/lists.md").read_text(encoding="utf-8")


def test_the_declaration_runs_as_it_stands_there():
    declaration, *_ = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names = {}
    exec(declaration, names)
    sheep = names["SHEEP"]
    assert sheep.by("-wool") == By("wool", down=True)
    assert sheep.by("born") is None


def test_the_address_that_it_shows_asks_for_what_it_says(client):
    client.force_login(member(Role.SALES))
    (address,) = re.findall(r"`(/contacts/\?\S+)`", GUIDE)
    wanted = client.get(address).context["listed"].wanted
    assert (wanted.sort, wanted.filters) == ("name", {"show": "mine"})
    assert [column.key for column in wanted.columns] == ["name", "email", "country"]


def test_it_names_every_list_and_every_file_that_it_sends_somebody_to():
    said = GUIDE.partition("## Sort")[0].lower()
    titles = {"leads": "leads in hands", "returned": "what came back"}
    for name, listing in LISTS.items():
        assert titles.get(name, str(listing.title)).lower() in said
    for path in re.findall(r"`((?:orchard|tests)/[\w/.]+\.py)`", GUIDE):
        assert Path(path).exists(), path
    for template in re.findall(r"`(lists/\w+\.html)`", GUIDE):
        assert (Path("orchard/web/lists/templates") / template).exists(), template
