"""The guide to reports: its commands run as they are written, and its table names every report with its groups."""

import json
import re
import shlex
from pathlib import Path

import pytest
from openpyxl import load_workbook

from orchard.reports.queries import numbers
from tests.make import company
from tests.make.command import orchard

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "reports.md"

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(settings, tmp_path, monkeypatch):
    settings.ORCHARD_HOME = tmp_path / "home"
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_its_table_names_every_report_and_what_it_may_be_grouped_by():
    listed = re.findall(r"^\| `(\w+)` \|.*\| ([`\w ]+) \|$", GUIDE.read_text(), re.MULTILINE)
    assert {name: tuple(bys.replace("`", "").split()) for name, bys in listed} == {
        report.name: tuple(report.bys) for report in numbers.REPORTS.values()
    }


def test_its_commands_run_as_they_are_written(home):
    company.founded(people=20)
    commands = re.findall(r"^orchard (report .*)$", GUIDE.read_text(), re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        code, answer = orchard(*[word for word in shlex.split(command) if word != "--json"])
        assert code == 0, (command, answer)
        assert {"rows", "total", "pos"} <= answer.keys()
    book = load_workbook(home / "cost.xlsx")
    assert book.sheetnames == ["Cost of what each campaign brou", "About"], (
        "a sheet's name has 31 letters at most"
    )


def test_a_file_holds_what_the_command_prints(home):
    company.founded(people=20)
    for ending in ("csv", "json"):
        code, answer = orchard("report", "funnel", "--by", "campaign", "--out", f"funnel.{ending}")
        assert code == 0
    assert json.loads((home / "funnel.json").read_text()) == answer
    lines = (home / "funnel.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("First campaign,Came in,")
    assert any(line.startswith("'=Ads,") for line in lines), "no spreadsheet takes a name for a formula"
    code, answer = orchard("report", "funnel", "--out", "funnel.pdf")
    assert (code, "name it .csv, .xlsx or .json" in answer["error"]) == (1, True)
    code, answer = orchard("report", "cost", "--by", "country")
    assert (code, "cannot be grouped by country" in answer["error"]) == (1, True)
