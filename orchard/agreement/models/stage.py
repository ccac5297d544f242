"""The storage of stages: where each contact is on its way, and what was announced of it."""

from django.db import models


class StageReached(models.Model):
    """Projection: the stage that a contact is in, since when, and how often it came back. No row: a mere contact.

    `basis` is the stage that it would be in had no verdict spoken. `unaided` tells that nothing but interactions of its
    own led to `engaged`, so that an earlier one moves `since` and does nothing else.
    """

    contact_id = models.BigIntegerField(primary_key=True)
    stage = models.CharField(max_length=40)
    basis = models.CharField(max_length=40)
    since = models.DateTimeField()
    rounds = models.PositiveSmallIntegerField(default=0)
    unaided = models.BooleanField(default=False)

    class Meta:
        db_table = "stage"


class StageAnnounced(models.Model):
    """Book: which stage the ledger was last told that a contact entered, under which version."""

    contact_id = models.BigIntegerField(primary_key=True)
    stage = models.CharField(max_length=40)
    version_id = models.BigIntegerField(null=True)
    fact_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "stage_announced"
