"""What a return asks for, and when the contact may come again."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orchard.agreement.types import Document, Return
from orchard.kit.errors import Refused

LONGEST_REST = timedelta(days=5 * 366)
"""How far ahead a contact can ask to be woken."""


@dataclass(frozen=True, slots=True)
class Came:
    """How a lead comes back: the reason, whether that is for good, and from when the contact may come again."""

    reason: Return
    eligible_at: datetime | None


def reason_of(document: Document, code: str) -> Return:
    """Return the reason of that code; refuse one that the agreement of the lead lacks."""
    for each in document.returns:
        if each.reason == code:
            return each
    raise Refused("Choose one of the reasons: the agreement knows no other.").at("reason")


def attempts_missing(reason: Return, document: Document, attempts: int) -> int:
    """Return how many more attempts the reason needs before it can be given."""
    if reason.needs is None:
        return 0
    promised = getattr(document.promises.sales, reason.needs) or 0
    return max(0, promised - attempts)


def come_back(
    reason: Return, document: Document, *, attempts: int, wake_on: date | None, zone: ZoneInfo, now: datetime
) -> Came:
    """Return what a return for a reason leads to; refuse one that lacks what the reason asks for.

    A day that the contact named holds as it is; without one, the rest that the agreement gives.
    """
    if missing := attempts_missing(reason, document, attempts):
        if missing == 1:
            raise Refused(
                "“{label}” needs 1 more attempt: log each call, or give another reason.", label=reason.label
            ).at("reason")
        raise Refused(
            "“{label}” needs {missing} more attempts: log each call, or give another reason.",
            label=reason.label,
            missing=missing,
        ).at("reason")
    if reason.disqualifies:
        return Came(reason, None)
    if wake_on is None:
        if reason.ask == "wake_on":
            raise Refused("“{label}” asks for the day on which to come back.", label=reason.label).at(
                "wake_on"
            )
        return Came(reason, now + timedelta(days=reason.eligible_after_days or 0))
    eligible_at = datetime.combine(wake_on, time(), zone)
    if not now < eligible_at <= now + LONGEST_REST:
        raise Refused("The day to come back lies ahead, within five years.").at("wake_on")
    return Came(reason, eligible_at)
