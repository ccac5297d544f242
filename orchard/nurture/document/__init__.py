"""A program's document: what it may say, how it is read, and what is wrong with it."""

from orchard.nurture.document.model import Audience, Document, Ends, Goal
from orchard.nurture.document.reading import MOST_CHARACTERS, read, written

__all__ = ["MOST_CHARACTERS", "Audience", "Document", "Ends", "Goal", "read", "written"]
