"""The room's decisions: what a step may say (`steps`), when to remind (`reminders`), a meeting's file (`calendar`)."""

from orchard.tasks.rules.calendar import meeting_file
from orchard.tasks.rules.reminders import first_look, reminder
from orchard.tasks.rules.steps import checked, checked_day, done_by, line_of

__all__ = ["checked", "checked_day", "done_by", "first_look", "line_of", "meeting_file", "reminder"]
