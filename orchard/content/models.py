"""The room's storage: a book, changed by `actions` alone."""

from django.db import models
from django.db.models import Q


class Content(models.Model):
    """Something we offer to read, see or download."""

    title = models.CharField(max_length=200)
    type = models.CharField(max_length=40, blank=True)
    external_ref = models.CharField(max_length=200, null=True, db_collation="C")
    url = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "content"
        constraints = [
            models.UniqueConstraint(
                fields=["external_ref"], condition=Q(external_ref__isnull=False), name="content_ref_once"
            ),
        ]

    def __str__(self) -> str:
        """Name the piece."""
        return self.title
