"""The room's storage: what was noted and decided in the meeting of each week."""

from django.db import models
from django.db.models import Q

from orchard.tasks.types import TITLE_LENGTH


class Note(models.Model):
    """Book: what somebody wrote down in the meeting about the week that begins on `week`, a Monday.

    `key` is the form's own, so that a note sent twice is kept once. An erasure empties the words.
    """

    key = models.UUIDField()
    week = models.DateField()
    member = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "weekly_note"
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="weekly_note_once")]
        indexes = [models.Index(fields=["week", "id"], name="weekly_note_of_week")]

    def __str__(self) -> str:
        """Name the note by its week."""
        return f"Note of {self.week}"


class Decision(models.Model):
    """Book: what was decided in the meeting about the week that begins on `week`, a Monday.

    One with an owner is a step of theirs (`task`), which knows whose it is, until when, and whether it is done; one
    without knows the last two itself.
    """

    key = models.UUIDField()
    week = models.DateField()
    member = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=TITLE_LENGTH)
    task = models.ForeignKey("tasks.Task", null=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "weekly_decision"
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="weekly_decision_once"),
            models.CheckConstraint(
                condition=Q(task__isnull=True) | Q(due_on__isnull=True, done_at__isnull=True),
                name="weekly_decision_once_known",
            ),
        ]
        indexes = [
            models.Index(fields=["week", "id"], name="weekly_decision_of_week"),
            models.Index(fields=["week"], condition=Q(done_at__isnull=True), name="weekly_decision_open"),
        ]

    def __str__(self) -> str:
        """Name the decision."""
        return self.words
