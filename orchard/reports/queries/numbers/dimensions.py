"""What reports may be grouped and narrowed by, how each value is written in an address, and what it is called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.campaigns import queries as campaigns
from orchard.engine.types import ColumnType
from orchard.kit.errors import Refused
from orchard.kit.languages import month_named
from orchard.leads import queries as leads
from orchard.team import queries as team

UNKNOWN = "~"
"""How an address writes that a value is not known: no value of ours looks so."""

Value = str | int | None
EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing to count people under: the column that holds it, and the names of its values."""

    name: str
    column: str
    label: str | Promise
    type: ColumnType
    names: Callable[[Iterable[Value]], Mapping[Any, str]]
    unknown: str | Promise
    is_record: bool = False
    """Whether its values are ids of records of ours."""

    def written(self, value: Value) -> str:
        """Return a value as an address writes it."""
        if value is None:
            return UNKNOWN
        return _month(int(value)) if self.name == "month" else str(value)

    def read(self, text: str) -> Value:
        """Return the value that an address writes; raises `Refused` where it is none."""
        if text == UNKNOWN:
            return None
        if self.name == "month":
            return _moment_of(text)
        if self.type is ColumnType.BIGINT:
            if not (text.isascii() and text.isdigit() and len(text) <= 18):  # noqa: PLR2004 - what a bigint holds
                raise Refused(_("This link is broken. Open the report anew."))
            return int(text)
        return text

    def name_of(self, value: Value, names: Mapping[Any, str]) -> str:
        """Return what a value is called, `names` being what `self.names` gave."""
        return str(self.unknown) if value is None else names.get(value, self.written(value))


def micros(moment: datetime) -> int:
    """Return a moment in microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _month(at: int) -> str:
    return (EPOCH + timedelta(microseconds=at)).strftime("%Y-%m")


def _moment_of(text: str) -> int:
    try:
        return micros(datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC))
    except ValueError as error:
        raise Refused(_("This link is broken. Open the report anew.")) from error


def _of_campaigns(values: Iterable[Value]) -> Mapping[Any, str]:
    return campaigns.names([int(each) for each in values if each is not None])


def _of_members(values: Iterable[Value]) -> Mapping[Any, str]:
    return team.names([int(each) for each in values if each is not None])


def _of_teams(_values: Iterable[Value]) -> Mapping[Any, str]:
    return {each.pk: each.name for each in team.teams()}


def _as_written(values: Iterable[Value]) -> Mapping[Any, str]:
    return {each: str(each) for each in values if each is not None}


def _of_reasons(_values: Iterable[Value]) -> Mapping[Any, str]:
    return leads.reason_labels()


def _of_months(values: Iterable[Value]) -> Mapping[Any, str]:
    return {each: month_named(_month(int(each))) for each in values if each is not None}


DIMENSIONS = {
    each.name: each
    for each in (
        Dimension(
            "campaign",
            "campaign_id",
            gettext_lazy("First campaign"),
            ColumnType.BIGINT,
            _of_campaigns,
            gettext_lazy("Source not known"),
            is_record=True,
        ),
        Dimension(
            "source",
            "channel",
            gettext_lazy("Source"),
            ColumnType.TEXT,
            _as_written,
            gettext_lazy("Source not known"),
        ),
        Dimension(
            "member",
            "member_id",
            gettext_lazy("Member"),
            ColumnType.BIGINT,
            _of_members,
            gettext_lazy("In nobody's hands yet"),
            is_record=True,
        ),
        Dimension(
            "team",
            "team_id",
            gettext_lazy("Team"),
            ColumnType.BIGINT,
            _of_teams,
            gettext_lazy("No team"),
            is_record=True,
        ),
        Dimension(
            "country",
            "country",
            gettext_lazy("Country"),
            ColumnType.TEXT,
            _as_written,
            gettext_lazy("Country not known"),
        ),
        Dimension(
            "industry",
            "industry",
            gettext_lazy("Industry"),
            ColumnType.TEXT,
            _as_written,
            gettext_lazy("Industry not known"),
        ),
        Dimension(
            "touches",
            "touches",
            gettext_lazy("Real exchanges"),
            ColumnType.BIGINT,
            _as_written,
            gettext_lazy("Not known"),
        ),
        Dimension(
            "reason",
            "reason",
            gettext_lazy("Reason"),
            ColumnType.TEXT,
            _of_reasons,
            gettext_lazy("No reason given"),
        ),
        Dimension(
            "month",
            "month",
            gettext_lazy("Month"),
            ColumnType.BIGINT,
            _of_months,
            gettext_lazy("Month not known"),
        ),
    )
}


def named(by: str, value: Value, names: Mapping[Any, str]) -> dict[str, object]:
    """Return how a line of a group begins: its name, its id where it is a record, and what tells its rows."""
    dimension = DIMENSIONS[by]
    row: dict[str, object] = {by: None if value is None else dimension.name_of(value, names)}
    if by == "month":
        row[by] = None if value is None else dimension.written(value)  # files read it, and it sorts
    if dimension.is_record:
        row[f"{by}_id"] = value
    return {**row, "of": {by: dimension.written(value)}}
