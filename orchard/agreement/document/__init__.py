"""The agreement as a document: what may be written, what is wrong with it, and its one normal text."""

from orchard.agreement.document.mistakes import Mistake
from orchard.agreement.document.model import (
    MICRO,
    Attention,
    Calendar,
    Document,
    EngagementRule,
    FitRule,
    Goal,
    Handoff,
    MarketingPromises,
    Promises,
    Return,
    Rot,
    Route,
    SalesPromises,
    ScoreRules,
    Target,
)
from orchard.agreement.document.reading import MOST_CHARACTERS, parse, read_data
from orchard.agreement.document.writing import normal_text, schema, text_hash, written

__all__ = [
    "MICRO",
    "MOST_CHARACTERS",
    "Attention",
    "Calendar",
    "Document",
    "EngagementRule",
    "FitRule",
    "Goal",
    "Handoff",
    "MarketingPromises",
    "Mistake",
    "Promises",
    "Return",
    "Rot",
    "Route",
    "SalesPromises",
    "ScoreRules",
    "Target",
    "normal_text",
    "parse",
    "read_data",
    "schema",
    "text_hash",
    "written",
]
