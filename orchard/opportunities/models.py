"""The room's storage: sales under way, and the people whom each is about."""

from django.db import models
from django.db.models import Q

from orchard.opportunities.types import NAME_LENGTH, Lost, State

_OPEN = State.OPEN.value


class Opportunity(models.Model):
    """Book: one sale under way or over. `amount` is in minor units of `currency`.

    `contact` is the person it began with; `lead` the hand-off it came from, empty for one that a member opened by
    hand. `closed_fact_id` is the fact that told how it ended, by which that can be taken back. Contact and account are
    not held by a constraint: an opportunity outlives an import that is taken back.
    """

    name = models.CharField(max_length=NAME_LENGTH)
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
    lead = models.ForeignKey("leads.Lead", null=True, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("team.Member", on_delete=models.PROTECT, db_index=False, related_name="+")
    state = models.CharField(max_length=6, choices=[(state.value, state.name) for state in State])
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    expected_on = models.DateField(null=True)
    lost_to = models.CharField(
        max_length=12, blank=True, choices=[(reason.value, reason.name) for reason in Lost]
    )
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_fact_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "opportunity"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=_OPEN, closed_at__isnull=True)
                | ~Q(state=_OPEN) & Q(closed_at__isnull=False),
                name="opportunity_closed_when_over",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True, currency="") | Q(amount__gte=0) & ~Q(currency=""),
                name="opportunity_amount_has_a_currency",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WON.value) | Q(amount__isnull=False),
                name="opportunity_won_for_an_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], condition=Q(state=_OPEN), name="opportunity_of_member"),
            models.Index(
                fields=["account"],
                condition=Q(state=_OPEN, account__isnull=False),
                name="opportunity_at_account",
            ),
            models.Index(fields=["state", "-closed_at", "-id"], name="opportunity_closed"),
        ]

    def __str__(self) -> str:
        """Name the sale."""
        return self.name


class Party(models.Model):
    """Book: a person whom an opportunity is about, and the lead that he or she came by, if any."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="parties")
    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    lead = models.ForeignKey("leads.Lead", null=True, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()

    class Meta:
        db_table = "opportunity_party"
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "contact"], name="opportunity_party_once")
        ]
