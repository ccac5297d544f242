"""The story of the demo company: the same seed and date tell the same story."""

from orchard.demo.story import calendar, team
from orchard.demo.story.agreements import agreement
from orchard.demo.story.campaigns import CONTENTS, campaigns
from orchard.demo.story.programs import PROGRAMS
from orchard.demo.story.telling import tell

__all__ = ["CONTENTS", "PROGRAMS", "agreement", "calendar", "campaigns", "team", "tell"]
