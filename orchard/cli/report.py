"""The command that prints a report, or writes it to a file."""

import argparse
import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from orchard.cli.types import Answer
from orchard.engine import lake, spark
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.money import Money
from orchard.reports.queries import numbers
from orchard.reports.queries.numbers.dimensions import DIMENSIONS
from orchard.reports.types import FIRST_DAY, LAST_DAY, Asked, Column, Kind, Row, Sheet
from orchard.reports.types import Answer as Said

_DAY = 86_400
_WIDE = 32
DUCKDB = "duckdb"


def report(parsed: argparse.Namespace) -> Answer:
    """Print a report of what happened within the days given (UTC)."""
    found = numbers.report(parsed.name)
    asked = _asked(parsed, found)
    engine = parsed.engine or settings.ORCHARD_ENGINE
    if engine != DUCKDB:
        spark.check(engine)
    lake.sync(now=clock.now())
    answer = _answer(found, asked, engine)
    if parsed.out:
        _write(parsed.out, answer)
    lines = [_table(sheet, asked.by) for sheet in answer.sheets if sheet.name in found.shows and sheet.rows]
    said = _("As of place %(pos)s of the ledger.") % {"pos": f"{answer.pos:,}"}
    return Answer(answer.data(), "\n".join([*lines, said]))


def _asked(parsed: argparse.Namespace, found: numbers.Report) -> Asked:
    if any(day and not FIRST_DAY <= day <= LAST_DAY for day in (parsed.since, parsed.until)):
        raise Refused("Reports tell of days between the years 1900 and 2200.")
    if parsed.since and parsed.until and parsed.until < parsed.since:
        raise Refused("The last day lies before the first. Give them the other way round.")
    by = parsed.by or found.by
    if by not in found.bys:
        known = ", ".join(found.bys) or "nothing"
        raise Refused(
            "The report “{name}” cannot be grouped by {by}; it can be by {known}.",
            name=found.name,
            by=by,
            known=known,
        )
    return Asked(
        by=by,
        since=_midnight(parsed.since) if parsed.since else None,
        until=_midnight(parsed.until + timedelta(days=1)) if parsed.until else None,
    )


def _answer(found: numbers.Report, asked: Asked, engine: str) -> Said:
    if engine == DUCKDB:
        return numbers.answer(found.name, asked, now=clock.now())
    with spark.working(engine) as session:
        there = numbers.OnSpark(session, found.steps, lake.files_of())
        return numbers.answer(found.name, asked, now=clock.now(), source=there)


def _write(path: Path, answer: Said) -> None:
    writers = {
        ".csv": lambda: numbers.as_csv(answer).encode(),
        ".xlsx": lambda: numbers.as_workbook(answer),
        ".json": lambda: json.dumps(answer.data(), default=str).encode(),
    }
    if path.suffix not in writers:
        raise Refused(
            "{file} has no ending that says what to write: name it .csv, .xlsx or .json.", file=path.name
        )
    try:
        path.write_bytes(writers[path.suffix]())
    except OSError as error:
        raise Refused("{path} cannot be written: {why}.", path=path, why=error.strerror) from error


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _table(sheet: Sheet, by: str) -> str:
    """Return a sheet as lines of even columns."""
    heads = [str(column.label) for column in sheet.columns]
    rows = [[_words(column, row) for column in sheet.columns] for row in sheet.rows]
    if sheet.total:
        rows.append([_("All together"), *(_words(column, sheet.total) for column in sheet.columns[1:])])
    if rows and by in DIMENSIONS:
        rows = [[row[0] or str(DIMENSIONS[by].unknown), *row[1:]] for row in rows]
    widths = [min(_WIDE, max(map(len, column))) for column in zip(heads, *rows, strict=True)]
    return "\n".join(_line(row, widths) for row in (heads, *rows)) + "\n"


def _line(cells: list[str], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join(
        [first[0][:_WIDE].ljust(first[1]), *(text.rjust(width) for text, width in others)]
    ).rstrip()


def _words(column: Column, row: Row) -> str:
    value = row.get(column.key)
    if value is None:
        return ""
    match column.kind:
        case Kind.SHARE:
            return f"{value:.1%}"
        case Kind.SPAN:
            return f"{value / _DAY:.1f} d"
        case Kind.MONEY:
            return str(Money(value, row.get("currency", "")))
        case Kind.NUMBER:
            return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
