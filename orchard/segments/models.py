"""The room's storage: saved conditions and who uses them are books, who fits them and how many are projections."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from orchard.segments.types import LONGEST_DESCRIPTION, LONGEST_NAME


class Segment(models.Model):
    """Book: a saved condition. Others name it by its code, which stays when it is renamed."""

    code = models.CharField(max_length=LONGEST_NAME, unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    description = models.CharField(max_length=LONGEST_DESCRIPTION, blank=True)
    condition = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "segment"
        constraints = [models.UniqueConstraint(Lower("name"), name="segment_named_once")]

    def __str__(self) -> str:
        """Name the segment."""
        return self.name


class SegmentUse(models.Model):
    """Book: somebody of a room above who names a segment, noted there in the transaction that says so."""

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="uses")
    used_by = models.CharField(max_length=20)
    used_by_id = models.BigIntegerField()
    name = models.CharField(max_length=120)

    class Meta:
        db_table = "segment_use"
        constraints = [
            models.UniqueConstraint(fields=["segment", "used_by", "used_by_id"], name="segment_used_once")
        ]


class SegmentCount(models.Model):
    """Projection: how many members a segment has, and for which revision everybody was asked last.

    While everybody is asked, `done` of `of` contacts are. `refresh_at` is up to which refresh of all scores that went.
    """

    segment = models.OneToOneField(
        Segment, primary_key=True, on_delete=models.CASCADE, related_name="standing"
    )
    members = models.BigIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)
    refresh_at = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    of = models.BigIntegerField(default=0)

    class Meta:
        db_table = "segment_count"


class SegmentMember(models.Model):
    """Projection: a contact who is in a segment, or whom time alone may bring in or out at `changes_at`.

    Ids are plain: the row is derived and may be dropped. `since` is when it was seen to be so.
    """

    pk = models.CompositePrimaryKey("segment_id", "contact_id")
    segment_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    is_member = models.BooleanField()
    since = models.DateTimeField()
    changes_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "segment_member"
        indexes = [
            models.Index(
                fields=["changes_at"], condition=Q(changes_at__isnull=False), name="segment_member_due"
            ),
            models.Index(fields=["contact_id"], name="segment_member_contact"),
        ]
