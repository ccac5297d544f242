"""What processes tell of themselves: that they live, what they are busy with, which statements took long."""

from django.db import models


class Heartbeat(models.Model):
    """One process: which part of the house it is, when it was last alive, and since when it does what it does."""

    part = models.CharField(max_length=12)
    host = models.CharField(max_length=120)
    pid = models.IntegerField()
    seen_at = models.DateTimeField()
    doing = models.CharField(max_length=60, blank=True)
    doing_since = models.DateTimeField(null=True)
    memory = models.BigIntegerField()
    """Bytes."""

    class Meta:
        db_table = "watch_heartbeat"
        constraints = [models.UniqueConstraint(fields=["part", "host", "pid"], name="watch_heartbeat_one")]


class SlowStatement(models.Model):
    """How slow one shape of a statement was at one place in one hour; it holds no value of any statement."""

    hour = models.DateTimeField()
    digest = models.CharField(max_length=32)
    place = models.CharField(max_length=80)
    shape = models.TextField()
    times = models.IntegerField()
    total_ms = models.FloatField()
    worst_ms = models.FloatField()

    class Meta:
        db_table = "watch_slow_statement"
        constraints = [
            models.UniqueConstraint(fields=["hour", "digest", "place"], name="watch_slow_statement_one")
        ]
