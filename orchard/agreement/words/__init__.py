"""The agreement in words: the contract that people read and sign, and what changed between two of them."""

from orchard.agreement.words.contract import contract
from orchard.agreement.words.diff import Change, changes, marked
from orchard.agreement.words.questions import Gap, question
from orchard.agreement.words.runs import Clause, Mark, Run, Sentence
from orchard.agreement.words.stages import usual_stages

__all__ = [
    "Change",
    "Clause",
    "Gap",
    "Mark",
    "Run",
    "Sentence",
    "changes",
    "contract",
    "marked",
    "question",
    "usual_stages",
]
