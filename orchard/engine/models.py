"""The manifest of the lake: which files make up a table, and how far each table has come. Derived; may be dropped."""

from django.db import models
from django.db.models import Q


class LakeTable(models.Model):
    """How far a table of the lake has come: every fact up to `pos` is in it, or was known when it was taken."""

    name = models.CharField(primary_key=True, max_length=60)
    pos = models.BigIntegerField(default=0)
    synced_at = models.DateTimeField(null=True)
    shape = models.CharField(max_length=32, blank=True)
    """What its files were written as; those of another shape are made anew."""

    class Meta:
        db_table = "lake_table"


class LakeFile(models.Model):
    """One Parquet file that readers read until it is retired; retired files are deleted a while later."""

    table = models.ForeignKey(LakeTable, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=200, unique=True)
    first_pos = models.BigIntegerField()
    last_pos = models.BigIntegerField()
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "lake_file"
        indexes = [
            models.Index(
                fields=["table", "first_pos"], condition=Q(retired_at__isnull=True), name="lake_listed"
            )
        ]
