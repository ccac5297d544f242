"""The people behind a number: the very ones whom it counts, a page at a time, and what became of them since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pyarrow import Table, array, compute, int64

from orchard.contacts import queries as contacts
from orchard.interactions import queries as ledger
from orchard.kit import paging
from orchard.reports.queries.contacts import rows_of
from orchard.reports.queries.numbers.catalogue import report
from orchard.reports.types import Asked, ContactRow


@dataclass(frozen=True, slots=True)
class Counted:
    """One whom a number counts: as a contact of today, or else what became of it since."""

    id: int
    row: ContactRow | None
    joined: str = ""
    """With whom it was joined since; neither a row nor this: it was erased."""


@dataclass(frozen=True, slots=True)
class People:
    """Those whom a number counts, ready to be walked, how many there are, and as of which place."""

    table: Table
    number: int
    pos: int
    now: datetime
    others: int = 0
    """How many of them others hold, so that they are not shown."""

    def page(self, cursor: str, size: int, *, turned: bool = False) -> paging.Page[Counted]:
        """Return one page of them, the newest first, `turned` the oldest."""
        back, key = paging.decode(cursor, int)
        left, rising = self.table, back != turned
        if key:
            left = left.filter((compute.greater if rising else compute.less)(left["id"], key[0]))
        order = [("id", "ascending" if rising else "descending")]
        nearest = left.take(compute.select_k_unstable(left, size + 1, order)).to_pylist()
        page = paging.page(nearest, size=size, cursor=cursor, key=lambda row: (row["id"],))
        return paging.Page(_counted([row["person"] for row in page.rows], self.now), page.next, page.previous)


def people(
    name: str, number: str, asked: Asked, *, now: datetime, campaign_ids: Sequence[int] | None = None
) -> People:
    """Return the people whom a number of a report counts, those one may see apart from those whom others hold."""
    behind = report(name).people(asked, number, now=now, campaign_ids=campaign_ids)
    table, hidden = behind.table, contacts.hidden_ids()
    if hidden:
        table = table.filter(compute.invert(compute.is_in(table["person"], array(sorted(hidden), int64()))))
    number_of = behind.table.num_rows + behind.others
    return People(table, number_of, behind.pos, now, number_of - table.num_rows)


def _counted(ids: Sequence[int], now: datetime) -> list[Counted]:
    listed = contacts.contacts(ids=sorted(set(ids)), size=len(ids) + 1).rows
    rows = {row.id: row for row in rows_of(listed, now=now)}
    gone = [each for each in ids if each not in rows]
    living = {old: new for old, new in ledger.living(gone).items() if new != old} if gone else {}
    names = contacts.names(living.values()) if living else {}
    return [Counted(each, rows.get(each), names.get(living.get(each, 0), "")) for each in ids]
