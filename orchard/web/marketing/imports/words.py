"""What an import says of itself on pages: its state, how it goes, what it has come to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orchard.connect.models import Import
from orchard.connect.types import LEASE, State

STATES: dict[str, tuple[str | Promise, str]] = {
    State.DRAFT: (_("not started"), "neutral"),
    State.QUEUED: (_("waits"), "soon"),
    State.RUNNING: (_("comes in"), "soon"),
    State.CANCELLING: (_("stops"), "soon"),
    State.CANCELLED: (_("cancelled"), "rot"),
    State.DONE: (_("done"), "ok"),
    State.FAILED: (_("failed"), "overdue"),
    State.UNDOING: (_("is undone"), "soon"),
    State.UNDONE: (_("undone"), "rot"),
}

# The steps from a file to its rows, as every page of the way shows them.
STEPS = (_("File"), _("What its columns are"), _("Preview"), _("Result"))

# After so long without a row the page says what happens if the worker was stopped.
QUIET = timedelta(seconds=10)

UNDOABLE = frozenset({State.DONE, State.CANCELLED, State.FAILED})


@dataclass(frozen=True, slots=True)
class Standing:
    """An import as a page shows it. `mark` changes when anything of it does; `rate` is rows a second.

    `quiet` says that no row was stored for some seconds: whoever stores them may be gone.
    """

    of: Import
    state: State
    words: str | Promise
    tone: str
    mark: str
    rate: int
    left: timedelta | None
    quiet: bool

    @property
    def under_way(self) -> bool:
        """Whether something is still going to happen by itself."""
        return self.state.under_way

    @property
    def may_cancel(self) -> bool:
        """Whether it can still be stopped."""
        return self.state in {State.QUEUED, State.RUNNING}

    @property
    def may_undo(self) -> bool:
        """Whether there is something to take back."""
        return self.state in UNDOABLE and self.of.rows > self.of.rejected

    @property
    def brought_contacts(self) -> bool:
        """Whether it has ended and left contacts to look at; a file of campaigns has none."""
        lines = self.of.map_text.splitlines()
        return self.may_undo and not any(line.startswith("campaign:") for line in lines)

    @property
    def is_draft(self) -> bool:
        """Whether it was never started."""
        return self.state is State.DRAFT


def standing_of(made: Import, now: datetime) -> Standing:
    """Return how an import stands."""
    state = State(made.state)
    words, tone = STATES[state]
    seconds = ((made.finished_at or now) - made.started_at).total_seconds() if made.started_at else 0
    rate = round(made.rows / seconds) if seconds > 0 else 0
    left = None
    if state is State.RUNNING and rate and made.rows_total:
        left = timedelta(seconds=max(made.rows_total - made.rows, 0) / rate)
    quiet = False
    if state in {State.RUNNING, State.CANCELLING} and made.claimed_until:
        # The claim is renewed with every chunk of rows.
        quiet = now - (made.claimed_until - LEASE) >= QUIET
    mark = f"{state}-{made.rows}-{made.rows_total or 0}-{quiet:d}"
    return Standing(made, state, words, tone, mark, rate, left, quiet)
