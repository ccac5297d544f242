"""Which backups were made of this installation."""

from django.db import models


class Made(models.Model):
    """A backup that was written whole: when it was begun, into which file, and what is in it."""

    at = models.DateTimeField()
    path = models.TextField()
    tables = models.IntegerField()
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()
    file_bytes = models.BigIntegerField()
    seconds = models.FloatField()

    class Meta:
        db_table = "backup_made"
