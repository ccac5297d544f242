"""The room's vocabulary: the lines of a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

MOST = 15
"""Names in a day, at most."""

COMES_BACK = timedelta(hours=2)
"""So long before a clock runs out, whoever was put aside stands in the day again."""


class Reason(StrEnum):
    """Why somebody stands in a day, in the order in which these come."""

    ACCEPT = "accept"
    ATTEMPT = "attempt"
    STEP = "step"
    NO_STEP = "no_step"
    BASKET = "basket"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may stand in a day, and why. `at` is the clock or the day that orders those of one reason.

    One of `lead_id`, `sale_id` and `step_id` names what it is about; `score`, in tenths, orders the basket.
    """

    reason: Reason
    contact_id: int | None
    at: datetime | date | None = None
    lead_id: int | None = None
    sale_id: int | None = None
    step_id: int | None = None
    score: int = 0

    @property
    def key(self) -> str:
        """What it is about, as addresses name it."""
        about = {"lead": self.lead_id, "sale": self.sale_id, "step": self.step_id}
        return next((f"{what}-{each}" for what, each in about.items() if each), "")
