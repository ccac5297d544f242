"""The guide of the first steps, followed word by word."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from orchard import flow
from orchard.agreement import queries as agreement
from orchard.contacts import queries as contacts
from orchard.demo import actions as demo
from orchard.demo.types import Size
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.leads import queries as leads
from orchard.leads.types import Freshness
from tests.make.command import orchard

GUIDE = Path("docs/guides/first-steps.md")

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(settings, tmp_path, monkeypatch):
    """Found the demo company, on its first day, in a copy of the folder."""
    settings.ORCHARD_HOME = tmp_path / "home"
    shutil.copytree("docs", tmp_path / "docs")
    monkeypatch.chdir(tmp_path)
    demo.found(size=Size.SMALL, seed=1, until=clock.now())
    ledger.drain(flow.CONSUMERS)


def commands():
    for block in re.findall(r"```\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            program, *arguments = shlex.split(line)
            assert program == ".venv/bin/orchard"
            yield arguments


def points_of(address):
    return agreement.verdict_of(contacts.find_by_email(address), now=clock.now()).tenths / 10


def test_every_command_of_the_guide_works_and_what_it_promises_is_so(company):
    said = {}
    for arguments in commands():
        code, answer = orchard(*arguments)
        assert code == 0, (arguments, answer)
        said[" ".join(arguments)] = answer
    rehearsed, done = [answer for line, answer in said.items() if line.startswith("import")]
    for answer in (rehearsed, done):
        assert (answer["rows"], answer["rejected"], answer["created"]) == (8, 2, 5)
    assert Path(done["rejects_file"]).name == "people.rejects.csv"
    waiting = {
        lead.name
        for freshness in Freshness
        for lead in leads.basket(now=clock.now(), freshness=freshness).rows
    }
    assert waiting == {"Mira Holt", "Lena Graf", "Jon Petersen"}
    assert points_of("jon.petersen@kelpfoods.example") == pytest.approx(65, abs=1)
    assert points_of("ana.reyes@solcosmetics.example") == pytest.approx(40, abs=1)
    assert points_of("tom.baker@oldmill.example") == pytest.approx(25, abs=1)
    fair = {row["campaign"]: row for row in said["report funnel --by campaign"]["rows"]}[
        "Packaging Fair 2026"
    ]
    assert (fair["entered"], fair["qualified"]) == (5, 3)
