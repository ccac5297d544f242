"""What the address of the orchard asks for: as trees or as a table, of which month, and of which source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from orchard.kit.errors import Refused
from orchard.kit.languages import dated
from orchard.reports.queries import numbers
from orchard.reports.types import Asked
from orchard.web.together.reports.asking import Question, question_of

_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the replay: its name in addresses and in words, and the midnight before which it was over."""

    key: str
    label: str
    at: datetime
    is_now: bool

    @property
    def hour(self) -> int:
        """The same midnight as addresses of rows write it: in hours since 1970."""
        return int(self.at.timestamp()) // _HOUR


def months_of(moments: Sequence[datetime]) -> list[Month]:
    """Return the months that end at these moments, the last one being the present."""
    months = []
    for place, at in enumerate(moments, 1):
        begins, is_now = numbers.month_of(at), place == len(moments)
        label = _("today") if is_now else dated(begins, "M Y")
        months.append(Month(f"{begins:%Y-%m}", label, at, is_now))
    return months


def month_of(query: QueryDict, months: Sequence[Month]) -> Month:
    """Return the month that an address names, else the present one; raises `Refused` for one that is not told."""
    named = query.get("month", "")
    for month in months:
        if named == month.key:
            return month
    if named:
        raise Refused(_("The orchard tells of the last 18 months. Choose one of them."))
    return months[-1]


def asked_of(query: QueryDict) -> Asked:
    """Return what an address asks of the trees."""
    source = query.get("source", "")
    return Asked(where={"source": source} if source else {})


def question_at(query: QueryDict, month: Month) -> Question:
    """Return what an address asks of the table, at the end of a month."""
    given = QueryDict(mutable=True)
    given["hour"] = str(month.hour)
    if query.get("source"):
        given["source"] = str(query["source"])
    return question_of(numbers.report("orchard"), given)
