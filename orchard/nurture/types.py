"""The room's vocabulary: the states of a version and of an enrolment, how an enrolment ends, and what is refused."""

from collections.abc import Sequence
from enum import StrEnum

from orchard.engine.types import Problem
from orchard.kit.errors import Conflict, NotFound, Refused
from orchard.kit.words import together
from orchard.nurture.document import Document
from orchard.nurture.steps import STEPS, Step, StepType

__all__ = [
    "CLOSED",
    "MOST_ENTERING",
    "OPEN",
    "REACHED",
    "STEPS",
    "BadProgram",
    "Document",
    "NotOpen",
    "Out",
    "Problem",
    "State",
    "Step",
    "StepType",
    "UnknownEnrolment",
    "UnknownProgram",
    "VersionState",
]

MOST_ENTERING = 1_000
"""How many are let in within one transaction."""


class VersionState(StrEnum):
    """The life of a version of a program; once live it does not change."""

    DRAFT = "draft"
    LIVE = "live"
    RETIRED = "retired"


class State(StrEnum):
    """Where an enrolment is.

    An active one has a next step that is due at a time. One that is held does not move, and its clock stands still:
    Sales works with the contact, or the program is paused. It is done when it came to the end of its steps, and ended
    when something else was the end of it.
    """

    ACTIVE = "active"
    HELD = "held"
    DONE = "done"
    ENDED = "ended"


OPEN = (State.ACTIVE, State.HELD)
"""Not over yet: a contact has one such enrolment in a program at most."""

CLOSED = (State.DONE, State.ENDED)
"""Over."""


class Out(StrEnum):
    """What was the end of an enrolment; one that is done has the word of its last step, or the first of these."""

    FINISHED = "finished"
    REACHED = "reached"
    CUSTOMER = "customer"
    DISQUALIFIED = "disqualified"
    ERASED = "erased"
    GONE = "gone"
    MERGED = "merged"
    TAKEN_OUT = "taken_out"
    TAKEN_BACK = "taken_back"


REACHED = Out.REACHED
"""The goal of the program was reached."""


class UnknownProgram(NotFound):
    """There is no such program or version."""


class UnknownEnrolment(NotFound):
    """There is no such enrolment."""


class NotOpen(Conflict):
    """The enrolment was over before."""


class BadProgram(Refused):
    """Values that are no program; `problems` are all that is wrong."""

    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Say the problems, one a line."""
        super().__init__(together((each.told for each in problems), "\n"))
        self.problems = list(problems)
