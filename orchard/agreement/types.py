"""The room's vocabulary: the document's parts, the states of a version, and what is refused."""

from enum import StrEnum

from orchard.agreement.document import (
    MICRO,
    Document,
    EngagementRule,
    FitRule,
    Handoff,
    Mistake,
    Promises,
    Return,
    Route,
    ScoreRules,
)
from orchard.kit.errors import Refused

__all__ = [
    "MICRO",
    "BadDocument",
    "Document",
    "EngagementRule",
    "FitRule",
    "Handoff",
    "Mistake",
    "Promises",
    "Return",
    "Route",
    "ScoreRules",
    "State",
]


class State(StrEnum):
    """The life of a version: it moves forward, but for a proposal that is withdrawn."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    RETIRED = "retired"


class BadDocument(Refused):
    """A text that is no agreement; `mistakes` are all that is wrong, in the order of the text."""

    status = 422

    def __init__(self, mistakes: list[Mistake]) -> None:
        """Say the mistakes, one a line."""
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes
