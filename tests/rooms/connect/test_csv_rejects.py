"""The file of refused rows can be mended in a spreadsheet, and holds nothing that a spreadsheet would run."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchard.connect.csv import RejectsFile
from orchard.connect.csv.reading.table import open_table
from orchard.connect.csv.rejects import harmless
from orchard.connect.csv.types import Reject


def lines(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_refused_rows_keep_their_columns_and_get_their_number_and_reason(tmp_path):
    with RejectsFile(tmp_path / "rejects.csv", ["Name", "Mail"]) as file:
        file.write([Reject(2, "No address.", ["Ada", "x"]), Reject(5, "Too long.", ["Bo", "y", "z"])])
        file.write([Reject(9, "Too short.", ["Cy"])])
    assert lines(tmp_path / "rejects.csv") == [
        ["Name", "Mail", "row", "reason"],
        ["Ada", "x", "2", "No address."],
        ["Bo", "y", "5", "Too long.", "z"],
        ["Cy", "", "9", "Too short."],
    ]


def test_a_resumed_import_adds_to_its_file(tmp_path):
    for more, number in ((False, 2), (True, 3)):
        with RejectsFile(tmp_path / "rejects.csv", ["Name"], more=more) as file:
            file.write([Reject(number, "No.", ["Ä"])])
    assert lines(tmp_path / "rejects.csv") == [
        ["Name", "row", "reason"],
        ["Ä", "2", "No."],
        ["Ä", "3", "No."],
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1", "\n=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(cell):
    assert harmless(cell).startswith("'")


@given(st.text())
def test_no_text_is_left_that_begins_like_a_formula(text):
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r", "\x00"))


def test_a_mended_file_of_rejects_gives_back_every_cell_as_it_was(tmp_path):
    path = tmp_path / "people.rejects.csv"
    cells = ["+43 664 1234567", "-Bar", "'quoted'", "=1+1", "plain"]
    with RejectsFile(path, ["a", "b", "c", "d", "e"]) as file:
        file.write([Reject(7, "No.", cells)])
    (record,) = open_table(path).records()
    assert record.cells[:5] == cells
