"""The audit book's storage. Rows are added and never changed, but for the words that an erasure removes."""

from django.db import models


class Entry(models.Model):
    """One thing a member (or the system: no actor) did to a record."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        db_table = "journal"
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="journal_subject"),
            models.Index(fields=["at", "id"], name="journal_at"),
            models.Index(fields=["actor_id", "at", "id"], name="journal_actor_at"),
            models.Index(fields=["subject_kind", "at", "id"], name="journal_kind_at"),
        ]
