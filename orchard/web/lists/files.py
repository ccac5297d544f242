"""A list as a file: the rows that it shows, all of them, in the columns that it shows, some thousand at a time."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from orchard.journal import actions as journal
from orchard.kit import clock, sheets
from orchard.kit.errors import Refused
from orchard.kit.languages import figure
from orchard.kit.money import Money, exponent
from orchard.kit.paging import Walk
from orchard.web.lists.listing import Column, Value
from orchard.web.lists.wanted import Wanted
from orchard.web.request import member_of

CSV, XLSX = "csv", "xlsx"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

AT_ONCE = 2_000
MOST = 100_000
"""Rows that a workbook is made of: more take longer than somebody waits, and a sheet ends at 1,048,576."""


def ending_of(request: HttpRequest) -> str:
    """Return which file a form asks for."""
    ending = request.POST.get("export", "")
    if ending not in (CSV, XLSX):
        raise Refused(_("Choose whether to take the list as CSV or as an Excel workbook."))
    return ending


def file_of(request: HttpRequest, wanted: Wanted, walk: Walk[Any], ending: str) -> HttpResponseBase:
    """Give a list as a file; the audit book notes who took it, and which columns of it."""
    member = member_of(request)
    rows = _rows(walk, wanted.columns, ZoneInfo(member.time_zone))
    name = f"{wanted.listing.name}-{clock.now().astimezone(ZoneInfo(member.time_zone)):%Y-%m-%d}.{ending}"
    made = _workbook(rows, wanted, name) if ending == XLSX else _csv(rows, name)
    journal.record(
        actor_id=member.pk,
        action="list.exported",
        # What somebody typed to narrow the list may name a person, so the names of the filters will do.
        details={
            "list": wanted.listing.name,
            "ending": ending,
            "columns": [column.key for column in wanted.columns],
            "narrowed_by": sorted(wanted.filters),
        },
        now=clock.now(),
    )
    return made


def _csv(rows: Iterator[Sequence[object]], name: str) -> StreamingHttpResponse:
    lines = (line.encode() for line in sheets.lines(rows))
    return StreamingHttpResponse(
        _with_mark(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )


def _with_mark(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines in blocks, the first with what tells a spreadsheet their encoding."""
    block = bytearray(sheets.MARK.encode())
    for line in lines:
        block += line
        if len(block) > 1 << 16:
            yield bytes(block)
            block.clear()
    yield bytes(block)


def _workbook(rows: Iterator[Sequence[object]], wanted: Wanted, name: str) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        sheets.write_workbook(file, [(str(wanted.listing.title), _no_more_than(rows))])
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX_TYPE)


def _no_more_than(rows: Iterator[Sequence[object]]) -> Iterator[Sequence[object]]:
    for number, row in enumerate(rows):
        if number > MOST:
            raise Refused(
                _("This list has more than %(most)s rows. Take it as CSV, or narrow it first.")
                % {"most": figure(MOST)}
            )
        yield row


def _rows(walk: Walk[Any], columns: Sequence[Column], zone: ZoneInfo) -> Iterator[list[object]]:
    """Yield the head and each row; an amount takes two cells, a time is told by the clock of the reader."""
    yield [
        head
        for column in columns
        for head in ([str(column.title), _("Currency")] if column.amount else [str(column.title)])
    ]
    cursor = ""
    while True:
        page = walk(cursor, AT_ONCE)
        for row in page.rows:
            yield [cell for column in columns for cell in _cells(column, row, zone)]
        if not page.next:
            return
        cursor = page.next


def _cells(column: Column, row: Any, zone: ZoneInfo) -> list[object]:
    value = column.value(row)
    if isinstance(value, Money):
        return [Decimal(value.minor) / 10 ** exponent(value.currency), value.currency]
    return [None, None] if column.amount else [_plain(value, zone)]


def _plain(value: Value, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value
