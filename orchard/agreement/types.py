"""The room's vocabulary: the document's parts, the states of a version, and what is refused."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

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
from orchard.agreement.document.model import STAGES
from orchard.kit.errors import Refused
from orchard.kit.words import together
from orchard.team.types import Side

__all__ = [
    "MICRO",
    "STAGES",
    "STAGE_NUMBERS",
    "BadDocument",
    "Document",
    "EngagementRule",
    "FitRule",
    "Handoff",
    "Mistake",
    "Promises",
    "Return",
    "Rights",
    "Route",
    "ScoreRules",
    "Signer",
    "State",
]


STAGE_NUMBERS = {stage: number for number, stage in enumerate(STAGES, 1)}
"""By which number a `stage.entered` names the stage as its subject, since the ledger holds no words."""


class State(StrEnum):
    """The life of a version: it moves forward, but for a proposal that is withdrawn."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    RETIRED = "retired"


class Signer(Protocol):
    """What the agreement needs to know of a member."""

    role: str
    is_active: bool
    signs_for_sales: bool
    signs_for_marketing: bool


@dataclass(frozen=True, slots=True)
class Rights:
    """What a member may do: write the draft and propose it, sign for these sides."""

    drafts: bool
    sides: frozenset[Side]


class BadDocument(Refused):
    """A text that is no agreement; `mistakes` are all that is wrong, in the order of the text."""

    status = 422

    def __init__(self, mistakes: list[Mistake]) -> None:
        """Say the mistakes, one a line."""
        super().__init__(together((each.told for each in mistakes), "\n"))
        self.mistakes = mistakes
