"""How far the demo company is loaded; one row, in a demo company only."""

from django.db import models
from django.db.models import Q


class Loading(models.Model):
    """The demo that is loaded: what makes it the same company again, and how far its story is told."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.CharField(max_length=8)
    seed = models.BigIntegerField()
    until = models.DateTimeField()
    week = models.PositiveSmallIntegerField(default=0)
    weeks = models.PositiveSmallIntegerField()
    told_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "demo_loading"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="demo_one_loading")]
