"""The story of the demo company: the same seed and date tell the same story."""

from orchard.demo.story.campaigns import CAMPAIGNS, CONTENTS
from orchard.demo.story.programs import PROGRAMS
from orchard.demo.story.telling import WEEKS, tell

__all__ = ["CAMPAIGNS", "CONTENTS", "PROGRAMS", "WEEKS", "tell"]
