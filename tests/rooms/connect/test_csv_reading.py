"""Any table is read whole: whatever its encoding, delimiter, notes above it or damage in it."""

import gzip
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from orchard.connect.csv import Tally, open_table
from orchard.connect.csv.reading import sheets
from orchard.kit.errors import Refused

PEOPLE = "Name,City\nJosé,München\nZoë,Graz\n"


def written(folder: Path, data: bytes | str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def cells(path: Path, **how: str) -> list[list[object]]:
    return [list(record.cells) for record in open_table(path, **how).records()]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
)
def test_a_table_reads_the_same_in_every_encoding(tmp_path, encoding):
    assert cells(written(tmp_path, PEOPLE.encode(encoding))) == [["José", "München"], ["Zoë", "Graz"]]


def test_a_russian_table_of_windows_is_read_in_its_own_letters(tmp_path):
    text = "Имя,Город\n" + "Анна Петрова,Москва\nИван Смирнов,Новосибирск\n" * 20  # noqa: RUF001 - it is Russian
    assert open_table(written(tmp_path, text.encode("cp1251"))).header == ["Имя", "Город"]


def test_a_few_bytes_of_windows_in_a_utf8_table_are_read_and_said(tmp_path):
    data = ("Name,City\n" + "Jürgen Größe,Köln\n" * 10).encode() + "Zoë,Graz\n".encode("cp1252")
    table = open_table(written(tmp_path, data))
    assert list(table.records())[-1].cells == ["Zoë", "Graz"]
    assert "Windows-1252" in table.notes[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_gives_rows_of_one_width(tmp_path, delimiter):
    rows = [["Name", "Company"], ["Ada", '"Pumps, Inc.; Wien"'], ["Bo", '"two\nlines"']]
    text = "\n".join(delimiter.join(row) for row in rows)
    assert cells(written(tmp_path, text)) == [["Ada", "Pumps, Inc.; Wien"], ["Bo", "two\nlines"]]


def test_unquoted_commas_do_not_hide_a_semicolon(tmp_path):
    text = "Name;Company;Since\nAda;Pumps, Inc.;05-oct-25\nBo;Ejemplo, S.L., Madrid;17 Jan 2024\n"
    assert open_table(written(tmp_path, text)).delimiter == ";"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_of_three_ways(tmp_path, end):
    assert cells(written(tmp_path, f"a,b{end}1,2{end}{end}3,4")) == [["1", "2"], ["3", "4"]]


def test_a_row_has_the_number_that_a_spreadsheet_shows(tmp_path):
    text = 'Notes:\n\nName,Words\nAda,"one\ntwo"\n\nBo,three\n'
    tally = Tally()
    records = list(open_table(written(tmp_path, text)).records(tally))
    assert [record.number for record in records] == [4, 6]
    assert tally == Tally(rows=2, blank=1)


def test_columns_of_one_name_are_kept_apart_and_nameless_ones_get_their_place(tmp_path):
    assert open_table(written(tmp_path, "Name,,Name,name,,\n1,2,3,4,5,\n")).header == [
        "Name",
        "Column 2",
        "Name (2)",
        "name",
    ]


def test_a_header_loses_its_nul_bytes_and_its_mark(tmp_path):
    assert open_table(written(tmp_path, "\ufeffNa\x00me,\u200bCity\n1,2\n")).header == ["Name", "City"]


def test_a_short_row_is_filled_up_and_a_long_one_is_refused_with_its_cells(tmp_path):
    short, padded, long = open_table(written(tmp_path, "a,b\n1\n1,2,,\n1,2,3\n")).records()
    assert (short.cells, padded.cells) == (["1", ""], ["1", "2"])
    assert long.cells == ["1", "2", "3"]
    assert long.damage == "This row has 3 cells; the header has 2."


def test_an_unclosed_quotation_mark_costs_its_own_row_only(tmp_path):
    rows = "".join(f"{number},x\n" for number in range(50))
    records = list(open_table(written(tmp_path, f'a,b\n"open,1\n{rows}')).records())
    assert [record.number for record in records if record.damage] == [2]
    assert len(records) == 51


def test_a_file_of_nothing_but_broken_quotation_marks_is_read_in_one_pass(tmp_path):
    records = list(open_table(written(tmp_path, "a,b\n" + 'x"y,"z\n' * 30_000)).records())
    assert len(records) == 30_000
    assert all(record.damage for record in records)


def test_a_workbook_keeps_its_dates_numbers_and_row_numbers(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A3"], sheet["B3"], sheet["C3"] = "Name", "Since", "Id"
    sheet["A4"], sheet["B4"], sheet["C4"] = "Ada", datetime(2024, 5, 6, 7, 8), 39_779_198_735  # noqa: DTZ001
    sheet["A6"], sheet["C6"] = "Bo", 0
    book.save(tmp_path / "people.xlsx")
    ada, bo = open_table(tmp_path / "people.xlsx").records()
    assert (ada.number, ada.cells) == (4, ["Ada", datetime(2024, 5, 6, 7, 8), 39_779_198_735])  # noqa: DTZ001
    assert (bo.number, bo.cells) == (6, ["Bo", "", 0])


def test_a_workbook_opens_on_its_first_sheet_with_anything_in_it_or_on_the_named_one(tmp_path):
    book = openpyxl.Workbook()
    for title in ("People", "Firms"):
        book.create_sheet(title).append([title])
    book.save(tmp_path / "book.xlsx")
    assert open_table(tmp_path / "book.xlsx").header == ["People"]
    assert open_table(tmp_path / "book.xlsx", sheet="Firms").header == ["Firms"]
    with pytest.raises(Refused, match="no sheet 'Deals'; it has 'Sheet', 'People', 'Firms'"):
        open_table(tmp_path / "book.xlsx", sheet="Deals")


def test_a_large_sheet_reads_the_same_without_being_held_in_memory(tmp_path, monkeypatch):
    book = openpyxl.Workbook()
    for row in (
        ["Name", "Since", "At"],
        ["Ada", date(2024, 5, 6), datetime(2024, 5, 6, 7)],  # noqa: DTZ001
        [],
        ["Bo", None, 1.5],
    ):
        book.active.append(row)
    book.active["B4"] = "=1/0"
    book.save(tmp_path / "people.xlsx")
    held = list(open_table(tmp_path / "people.xlsx").records())
    monkeypatch.setattr(sheets, "_HELD", 0)
    assert list(open_table(tmp_path / "people.xlsx").records()) == held


def test_two_cells_in_opposite_corners_of_a_sheet_do_not_fill_the_memory(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = book.active["XFD1048576"] = "x"
    book.save(tmp_path / "corners.xlsx")
    with pytest.raises(Refused, match="spans 1,048,576 rows and 16,384 columns"):
        open_table(tmp_path / "corners.xlsx")


def test_a_compressed_table_is_read_and_a_cut_off_one_is_refused(tmp_path):
    packed = gzip.compress(("a,b\n" + "".join(f"{n},{n * n}\n" for n in range(100_000))).encode())
    path = written(tmp_path, packed, "table.csv.gz")
    assert len(cells(path)) == 100_000
    with pytest.raises(Refused, match="damaged or cut off"):
        cells(written(tmp_path, packed[:-2000], "cut.csv.gz"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n\r\n", "holds no table"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
        (bytes(range(256)) * 40, "is not text"),
        (b"PK\x03\x04 and no more", "cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cannot be read"),
        (b"\x1f\x8b\x08 and no more", "damaged or cut off"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path, data, sentence):
    with pytest.raises(Refused, match=sentence):
        open_table(written(tmp_path, data))


def test_what_the_user_says_is_believed_instead_of_found_out(tmp_path):
    path = written(tmp_path, "a;b,c\n1;2,3\n4;5,6\n")
    assert open_table(path, delimiter=",").header == ["a;b", "c"]
    assert open_table(path, delimiter=";").header == ["a", "b,c"]
    assert open_table(path, delimiter=";", header_row=2).header == ["1", "2,3"]
    with pytest.raises(Refused, match="no encoding 'klingon'"):
        open_table(path, encoding="klingon")
    with pytest.raises(Refused, match="Row 9 holds no header"):
        open_table(path, header_row=9)
