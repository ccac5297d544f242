"""The room's storage. All tables are books, changed by `actions` alone."""

from django.db import models
from django.db.models import F, Q

from orchard.campaigns.types import Status


class Campaign(models.Model):
    """Anything that brings attention and costs money; it may be part of a larger one."""

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=200)
    code = models.CharField(max_length=80, db_collation="C")
    type = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    planned_cost = models.BigIntegerField(null=True)
    actual_cost = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    status = models.CharField(
        max_length=10, choices=[(status.value, status.value) for status in Status], default=Status.RUNNING
    )
    owner = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="campaigns")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "campaign"
        constraints = [
            models.UniqueConstraint(fields=["code"], name="campaign_code_once"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="campaign_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="campaign_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        """Name the campaign."""
        return self.name


class Cost(models.Model):
    """One amount that a campaign cost, in minor units; their sum is its actual cost."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="costs")
    amount = models.BigIntegerField()
    what = models.CharField(max_length=200)
    on = models.DateField()
    member = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "campaign_cost"

    def __str__(self) -> str:
        """Say what was paid for."""
        return self.what


class ContactSource(models.Model):
    """A campaign that brought a contact to us. The first one is fixed at birth, every later one is kept."""

    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, related_name="sources", db_index=False
    )
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="sources", db_index=False)
    at = models.DateTimeField()
    is_first = models.BooleanField()
    import_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "contact_source"
        constraints = [
            models.UniqueConstraint(fields=["contact", "campaign", "at"], name="contact_source_once"),
            models.UniqueConstraint(
                fields=["contact"], condition=Q(is_first=True), name="contact_source_one_first"
            ),
        ]
        indexes = [models.Index(fields=["campaign", "at", "id"], name="contact_source_campaign")]

    def __str__(self) -> str:
        """Say whether this was the first source."""
        return "first source" if self.is_first else "later source"
