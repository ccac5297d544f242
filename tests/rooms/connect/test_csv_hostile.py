"""Hostile files: whatever the bytes, accepted + rejected = rows, and nothing but a sentence is raised."""

import csv
import io
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchard.connect.csv import open_table, read, read_map
from orchard.connect.csv.types import Reject, Row
from orchard.kit.errors import Refused

MAP = read_map(
    """
contact:
  email: email
  full_name: name
  phone: {column: phone, country: AT}
  account.name: company
  custom.size: {column: size, type: number}
numbers: "1,234.5"
dates: day_first
interactions:
  - {kind: form.submitted, at: at, only_if: at}
"""
)
HEADER = "email,name,phone,company,size,at"
NASTY = [
    "", " ", ",", '"', "\n", "\r", "\r\n", "\x00", "\ufeff", "\t", ";", "=1+1", "a@b.co", "ä", "\ud7ff", "\U0001f600",
    "1,5", "NaN", "1e999", "31/02/2024", "1/2/24", "0000-00-00", "\x1c", "\x85", "\u2028", "\x0c", '""', "'", "\\",
]  # fmt: skip
text = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=6)), max_size=4).map("".join)
table = st.lists(st.lists(text, min_size=1, max_size=8), max_size=12)


def outcome(data: bytes) -> tuple[int, int, int] | None:
    """Return how many rows were accepted, rejected and counted; None where the file is refused."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hostile.csv"
        path.write_bytes(data)
        try:
            reading = read(path, MAP)
            found = list(reading.rows())
        except Refused:
            return None
    accepted = [each for each in found if isinstance(each, Row)]
    rejected = [each for each in found if isinstance(each, Reject)]
    assert all(reject.reason and reject.number > 1 for reject in rejected)
    return len(accepted), len(rejected), reading.tally.rows


@given(
    rows=table,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=200)
def test_every_row_that_was_written_is_accepted_or_rejected(rows, encoding, end):
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER.split(","))
    writer.writerows(rows)
    found = outcome(sheet.getvalue().encode(encoding, "replace"))
    if found is not None:
        accepted, rejected, counted = found
        assert accepted + rejected == counted
        assert counted == len([row for row in rows if any(row)])


@given(body=st.binary(max_size=400))
@settings(max_examples=300)
def test_no_bytes_at_all_raise_anything_but_a_sentence(body):
    found = outcome(HEADER.encode() + b"\n" + body)
    if found is not None:
        accepted, rejected, counted = found
        assert accepted + rejected == counted


@given(lines=st.lists(st.text(alphabet='",ab\n\r\x00 ', max_size=30), max_size=20))
@settings(max_examples=200)
def test_quotation_marks_anywhere_lose_no_line(lines):
    found = outcome("\n".join([HEADER, *lines]).encode())
    if found is not None:
        accepted, rejected, counted = found
        assert accepted + rejected == counted


@given(body=st.binary(min_size=1, max_size=300))
@settings(max_examples=200)
def test_a_file_of_any_bytes_is_a_table_or_is_refused(body):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any"
        path.write_bytes(body)
        try:
            table = open_table(path)
            widths = {len(record.cells) for record in table.records() if not record.damage}
        except Refused:
            return
        assert widths <= {len(table.header)}


READ_ALONE = """
import sys
from pathlib import Path
from orchard.connect.csv import open_table

records = 0
for record in open_table(Path(sys.argv[1])).records():
    records += 1
    if record.damage:
        print(record.damage[:60])
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(records)
print(int(status["VmHWM"].split()[0]) // 1024)
"""


def read_alone(path: Path) -> tuple[list[str], int, int]:
    """Read a file in a process of its own; return its damages, how many records there are, and the peak in megabytes.

    The peak is asked of the process's own memory: `ru_maxrss` of a child begins at what its parent took when it was
    started, and would tell how much the tests before this one needed.
    """
    done = subprocess.run(
        [sys.executable, "-c", READ_ALONE, path], capture_output=True, text=True, check=True
    )
    *damages, records, peak = done.stdout.splitlines()
    return damages, int(records), int(peak)


def test_a_line_of_100_megabytes_is_one_rejected_row_in_bounded_memory(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("a,b\n1,2\n")
        for _ in range(100):
            file.write("x" * 1_000_000)
        file.write("\n3,4\n")
    damages, _, peak = read_alone(path)
    assert damages == ["This line is 100,000,001 characters long; 1,000,000 are allo"]
    assert peak < 150


def test_a_quotation_mark_that_would_swallow_50_megabytes_costs_one_row_in_bounded_memory(tmp_path):
    path = tmp_path / "open.csv"
    path.write_text('a,b\n"open,1\n' + "12345678,abcdefgh\n" * 2_800_000)
    damages, _, peak = read_alone(path)
    assert damages == ["A quotation mark is opened in this row and never closed."]
    assert peak < 150


@pytest.mark.slow
def test_ten_million_blank_lines_are_no_rows_and_take_no_memory(tmp_path):
    path = tmp_path / "blank.csv"
    path.write_bytes(b"a,b\n" + b"\n" * 10_000_000)
    damages, records, peak = read_alone(path)
    assert (damages, records) == ([], 0)
    assert peak < 150
