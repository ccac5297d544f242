"""How times, counts and amounts are written: in the member's zone, grouped, with their currency."""

from datetime import UTC, datetime, time
from typing import Any

from django import template
from django.template import defaultfilters
from django.utils import timezone
from django.utils.safestring import SafeString

from orchard.kit.clock import now
from orchard.kit.languages import dated, figure, quoted, shape_of
from orchard.kit.money import Money
from orchard.web.ui.tags.arguments import filled

register = template.Library()
register.filter("quoted", quoted)

_OF_THE_CLOCK = frozenset("aAcefgGhHiIOPrsTuUZ")
"""What in a shape of Django's asks for more than the day."""


def is_day(at: datetime) -> bool:
    """Tell whether a day was given and no time: it is kept as its midnight in UTC, and is that day in every zone."""
    return at.astimezone(UTC).time() == time()


def in_words(at: datetime, *, clock: bool = False) -> str:
    """Write a time in the present zone: `18 Nov`, with the year where it is another, with hours and minutes on wish."""
    there = _there(at)
    return _briefly(there, clock=clock and not is_day(at))


@register.filter
def moment_in_words(at: datetime) -> str:
    """Write when something happened: `12 Oct 2026, 20:00` in the present zone; the day alone where no time is known."""
    there = _there(at)
    day = dated(there.date(), "j M Y")
    return day if is_day(at) else f"{day}, {there:%H:%M}"


@register.simple_tag
def when(at: datetime | None, *, clock: bool = False, moment: bool = False) -> SafeString:
    """Show a time briefly, with the whole of it for a pointer that rests and for machines; nothing for None.

    `moment` says that it is one by nature, also at midnight, and shows its clock.
    """
    if at is None:
        return SafeString("")
    has_time = moment or not is_day(at)
    there = timezone.localtime(at) if has_time else at.astimezone(UTC)
    day = dated(there.date(), "j F Y")
    return filled(
        '<time datetime="{}" title="{}">{}</time>',
        timezone.localtime(at).isoformat(timespec="seconds"),
        f"{day}, {there:%H:%M} {there.tzname()}" if has_time else day,
        _briefly(there, clock=moment or (clock and has_time)),
    )


def _there(at: datetime) -> datetime:
    """Return a time in the present zone, and a day as that day."""
    return at.astimezone(UTC) if is_day(at) else timezone.localtime(at)


def _briefly(there: datetime, *, clock: bool) -> str:
    this_year = there.year == timezone.localtime(now()).year
    day = dated(there.date(), "j M" if this_year else "j M Y")
    return f"{day}, {there:%H:%M}" if clock else day


@register.filter("date", expects_localtime=True, is_safe=False)
def in_shape(at: Any, shape: str | None = None) -> str:
    """Write a time in one of Django's shapes, its day as the present language writes it."""
    if shape and isinstance(at, datetime) and _OF_THE_CLOCK.isdisjoint(shape):
        return dated(at.date(), shape)
    return str(defaultfilters.date(at, shape_of(shape) if shape else None))


@register.filter
def grouped(value: float | None) -> str:
    """Write a number in groups of three: `3,881`; nothing for None."""
    return "" if value is None else figure(value)


@register.filter
def tenths(value: int | None) -> str:
    """Write tenths of a point as points: `24.3`; nothing for None."""
    return "" if value is None else figure(value / 10, 1)


@register.filter
def percent(share: float | None) -> str:
    """Write a share between 0 and 1 in hundredths: `2.9 %`; nothing for None."""
    return "" if share is None else f"{figure(share * 100, 1)} %"


@register.simple_tag
def amount(minor: int | None, currency: str) -> str:
    """Write minor units as an amount: `18,400.00 CAD`; nothing where none is known."""
    return "" if minor is None else str(Money(minor, currency))
