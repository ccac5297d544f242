"""The room's storage: one row per hand-off of a contact."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from orchard.leads.types import State


class Lead(models.Model):
    """Book: one hand-off. It keeps the version and the reasons by which it was born.

    `lines` and `met` are the score's lines (millionths of a point) and the truths of the conditions at birth, in the
    order of the version. `score` is the total of the last assessment. Contact and account are not held by a
    constraint: a lead outlives an import that is taken back.
    """

    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    account = models.ForeignKey(
        "contacts.Account",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    state = models.CharField(max_length=10, choices=[(state.value, state.name) for state in State])
    version = models.ForeignKey(
        "agreement.AgreementVersion", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    total = models.BigIntegerField()
    lines = ArrayField(models.BigIntegerField())
    met = ArrayField(models.BooleanField())
    score = models.BigIntegerField()
    cause_id = models.BigIntegerField(unique=True)
    ripe_at = models.DateTimeField()
    fresh_at = models.DateTimeField(null=True)
    stale_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    bulk = models.BooleanField(default=False)

    class Meta:
        db_table = "lead"
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(state=State.WAITING.value), name="lead_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state=State.WAITING.value, closed_at__isnull=True)
                | Q(closed_at__isnull=False) & ~Q(state=State.WAITING.value),
                name="lead_closed_when_over",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-score", "-id"], condition=Q(state=State.WAITING.value), name="lead_basket"
            ),
            models.Index(
                fields=["account"],
                condition=Q(account__isnull=False, state=State.WAITING.value),
                name="lead_account",
            ),
        ]

    def __str__(self) -> str:
        """Name the hand-off."""
        return f"Lead {self.pk}"
