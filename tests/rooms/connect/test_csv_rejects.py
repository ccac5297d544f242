"""The file of refused rows can be mended in a spreadsheet, and holds nothing that a spreadsheet would run."""

import csv

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchard.connect.csv import RejectsFile
from orchard.connect.csv.reading.table import open_table
from orchard.connect.csv.rejects import name_of_rejects
from orchard.connect.csv.types import Reject
from orchard.kit.sheets import harmless


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


HEADER = ["First", "Firm", "Mail"]


def spreadsheet(path, delimiter, change, *, quoting=csv.QUOTE_MINIMAL):
    """Open a file as a spreadsheet does, let somebody change its rows, and save it filled up to one width."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    change(rows)
    width = max(map(len, rows))
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=quoting).writerows(
            row + [""] * (width - len(row)) for row in rows
        )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_a_file_of_rejects_is_mended_in_a_spreadsheet_with_notes_behind_the_reason(
    tmp_path, delimiter, quoting
):
    path = tmp_path / "people.rejects.csv"
    with RejectsFile(path, HEADER, delimiter=delimiter) as file:
        file.write([Reject(2, "No address.", ["+Zoë", "Acme, Inc; Graz", "x"]), Reject(3, "No.", ["Bo"])])

    def mend(rows):
        rows[1][2] = "zoe@example.com"
        rows[1] += ["asked her", "on Monday"]

    spreadsheet(path, delimiter, mend, quoting=quoting)
    zoe, bo = open_table(path).records()
    assert (zoe.damage, zoe.cells[:3]) == ("", ["+Zoë", "Acme, Inc; Graz", "zoe@example.com"])
    assert (bo.damage, bo.cells[:3]) == ("", ["Bo", "", ""])


@pytest.mark.parametrize(
    "reason",
    ["This row has 4 cells; the header has 3.", "Diese Zeile hat 1.004 Zellen; die Kopfzeile hat 1.003."],
)
def test_cells_that_were_too_many_are_asked_for_until_they_stand_under_a_column(tmp_path, reason):
    path = tmp_path / "people.rejects.csv"
    too_many = Reject(2, reason, ["Ann", "Acme", " Inc.", "a@b.co"])

    def written(change):
        with RejectsFile(path, HEADER) as file:
            file.write([too_many])
        spreadsheet(path, ",", change)
        (record,) = open_table(path).records()
        return record

    def mend(rows):
        rows[1][:] = ["Ann", "Acme, Inc.", "a@b.co", *rows[1][3:5]]

    assert written(lambda _: None).damage == (
        "This row still has cells after its reason: put each under its column, then empty them there."
    )
    assert written(mend).damage == ""
    assert written(mend).cells[:3] == ["Ann", "Acme, Inc.", "a@b.co"]


def test_rejects_of_a_mended_file_have_one_row_number_and_one_reason_and_lose_nothing(tmp_path):
    path = tmp_path / "people.rejects.csv"
    again = Reject(2, "Still no address.", ["Ann", "Acme", "x", "7", "No address.", "a note"])
    with RejectsFile(path, [*HEADER, "row", "reason"]) as file:
        file.write([again])
    assert lines(path) == [
        ["First", "Firm", "Mail", "row", "reason"],
        ["Ann", "Acme", "x", "2", "Still no address.", "a note"],
    ]


def test_a_column_whose_name_a_spreadsheet_would_run_is_found_again(tmp_path):
    path = tmp_path / "people.rejects.csv"
    with RejectsFile(path, ["+Phone", "Name"]) as file:
        file.write([Reject(2, "No.", ["1", "Ann"])])
    assert open_table(path).header[:2] == ["+Phone", "Name"]


@pytest.mark.parametrize(
    ("file", "rejects"),
    [
        ("people.csv", "people.rejects.csv"),
        ("people.TSV", "people.rejects.TSV"),
        ("people.csv.gz", "people.rejects.csv"),
        ("people.xlsx", "people.rejects.csv"),
        ("people", "people.rejects.csv"),
    ],
)
def test_a_file_of_rejects_is_called_as_its_file(file, rejects):
    assert name_of_rejects(file) == rejects


def test_rejects_saved_as_a_workbook_come_back_too(tmp_path):
    path = tmp_path / "people.rejects.csv"
    with RejectsFile(path, HEADER) as file:
        file.write([Reject(2, "No address.", ["+43 1 234", "Acme", "x"])])
    (names, row), book = lines(path), openpyxl.Workbook()
    book.active.append(names)
    book.active.append([*row[:3], int(row[3]), row[4], None, "a note"])
    book.save(tmp_path / "people.rejects.xlsx")
    (record,) = open_table(tmp_path / "people.rejects.xlsx").records()
    assert (record.damage, record.cells[:3]) == ("", ["+43 1 234", "Acme", "x"])
