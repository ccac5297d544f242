"""The storage of versions and signatures. Once proposed, a text does not change."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from orchard.agreement.types import State
from orchard.team.types import Side

_ONE_EACH = (State.DRAFT, State.PROPOSED, State.IN_FORCE)


class AgreementVersion(models.Model):
    """One version of the agreement; retired without ever having been in force, it was withdrawn.

    `number` is given when it is proposed. `text` is what its author wrote, `document` the same as values, and
    `text_hash` the hash of its normal text; a draft has neither of the latter.
    """

    number = models.PositiveIntegerField(null=True, unique=True)
    state = models.CharField(max_length=8, choices=[(state.value, state.name) for state in State])
    text = models.TextField()
    document = models.JSONField(null=True)
    text_hash = models.CharField(max_length=64, blank=True)
    revision = models.PositiveIntegerField(default=1)
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agreement_version"
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["state"], condition=Q(state=state.value), name=f"agreement_one_{state.value}"
                )
                for state in _ONE_EACH
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT.value)
                | Q(number__isnull=False, document__isnull=False, text_hash__regex="^[0-9a-f]{64}$"),
                name="agreement_frozen_once_proposed",
            ),
        ]

    def __str__(self) -> str:
        """Name the version."""
        return f"Version {self.number}" if self.number else "Draft"


class Signature(models.Model):
    """A member's signature for one side, given to the text with this hash; lost when the proposal was withdrawn."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=9, choices=[(side.value, side.name) for side in Side])
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    lost_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agreement_signature"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "side"], condition=Q(lost_at__isnull=True), name="agreement_signed_once"
            )
        ]
