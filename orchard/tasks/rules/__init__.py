"""The room's decisions: what `steps` and `notes` may say, when to remind (`reminders`), meeting files (`calendar`)."""

from orchard.tasks.rules.calendar import meeting_file
from orchard.tasks.rules.notes import handles, mentioned, text_of
from orchard.tasks.rules.reminders import first_look, reminder
from orchard.tasks.rules.steps import checked, checked_day, done_by, line_of

__all__ = [
    "checked",
    "checked_day",
    "done_by",
    "first_look",
    "handles",
    "line_of",
    "meeting_file",
    "mentioned",
    "reminder",
    "text_of",
]
