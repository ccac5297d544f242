"""The storage of verdicts: what holds for each contact, what was announced of it, and who was assessed anew when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Verdict(models.Model):
    """Projection: the last assessment of a living contact, by its version and at its hour.

    `lines` are the score's, in millionths of a point and in the order of the version's rules; `met` are the truths of
    the version's conditions in the order of `Terms.atoms`. Ids are plain: the row is derived and may be dropped.
    """

    contact_id = models.BigIntegerField(primary_key=True)
    account_id = models.BigIntegerField(null=True)
    version_id = models.BigIntegerField()
    qualified = models.BooleanField()
    total = models.BigIntegerField()
    fit = models.BigIntegerField()
    engagement = models.BigIntegerField()
    account = models.BigIntegerField(null=True)
    lines = ArrayField(models.BigIntegerField())
    met = ArrayField(models.BooleanField())
    due_at = models.DateTimeField(null=True)
    fresh_at = models.DateTimeField(null=True)
    score_at = models.DateTimeField()

    class Meta:
        db_table = "verdict"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="verdict_due"),
            models.Index(
                fields=["account_id"], condition=Q(account_id__isnull=False), name="verdict_account"
            ),
            models.Index(fields=["total", "contact_id"], name="verdict_score"),
            models.Index(fields=["contact_id"], condition=Q(qualified=True), name="verdict_qualified"),
        ]


class Announced(models.Model):
    """Book: what the ledger was last told of a contact's verdict, with the reasons of that moment."""

    contact_id = models.BigIntegerField(primary_key=True)
    qualified = models.BooleanField()
    version_id = models.BigIntegerField()
    total = models.BigIntegerField()
    lines = ArrayField(models.BigIntegerField())
    met = ArrayField(models.BooleanField())
    fresh_at = models.DateTimeField(null=True)
    fact_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "verdict_announced"


class Refreshed(models.Model):
    """Book: each time everybody was assessed anew, by which version, at which hour, and what it changed."""

    version_id = models.BigIntegerField()
    score_at = models.DateTimeField()
    faded = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    contacts = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)

    class Meta:
        db_table = "refreshed"
