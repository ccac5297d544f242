"""The room's storage: hand-offs of contacts, the offers made of them, who joined whom, and whose turn it is."""

from datetime import UTC, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When

from orchard.leads.types import HELD, OPEN, Outcome, State, Why

_OPEN = [state.value for state in OPEN]
_HELD = [state.value for state in HELD]
_EVER = datetime(9999, 12, 31, tzinfo=UTC)


class Lead(models.Model):
    """Book: one hand-off. It keeps the version and the reasons by which it was born.

    `lines` and `met` are the score's lines (millionths of a point) and the truths of the conditions at birth, in the
    order of the version. `score` is the total of the last assessment. `round` counts how often the contact became a
    lead, returned ones before included. `pool` says among whom it goes by turn, `why` and `row` by
    what; `routed_by` is a sign of the version, members and territories that decided so. `asked` are those who let an
    offer of it run out; `offered_until` is when it is not offered any more: once it is stale, but never while somebody
    let it run out, since it is owed to the next.

    While it is in hands: `member` has it; `attempt_due_at` is when the first attempt is due, empty once that has
    passed; `attempted_at` is when it was made; `touched_at` is the last real exchange, or the acceptance; `rots_at` is
    when it rots. Once it is over: `reason`; `eligible_at` is from when the contact may come again, and `wakes_at` the
    same until that was told.

    Contact and account are not held by a constraint: a lead outlives an import that is taken back.
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
    state = models.CharField(max_length=12, choices=[(state.value, state.name) for state in State])
    version = models.ForeignKey(
        "agreement.AgreementVersion", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    total = models.BigIntegerField()
    lines = ArrayField(models.BigIntegerField())
    met = ArrayField(models.BooleanField())
    score = models.BigIntegerField()
    cause_id = models.BigIntegerField(unique=True)
    round = models.IntegerField(default=1)
    ripe_at = models.DateTimeField()
    fresh_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    stale_at = models.DateTimeField()
    pool = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=16, blank=True, choices=[(why.value, why.name) for why in Why])
    row = models.SmallIntegerField(null=True)
    routed_by = models.BigIntegerField(null=True)
    asked = ArrayField(models.BigIntegerField(), default=list)
    offered_until = models.GeneratedField(
        expression=Case(When(asked=[], then=F("stale_at")), default=Value(_EVER)),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    member = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    attempt_due_at = models.DateTimeField(null=True)
    attempted_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True)
    rots_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60, blank=True)
    eligible_at = models.DateTimeField(null=True)
    wakes_at = models.DateTimeField(null=True)
    was = models.CharField(max_length=12, blank=True)
    bulk = models.BooleanField(default=False)

    class Meta:
        db_table = "lead"
        constraints = [
            models.UniqueConstraint(fields=["contact"], condition=Q(state__in=_OPEN), name="lead_one_open"),
            models.CheckConstraint(
                condition=Q(state__in=_OPEN, closed_at__isnull=True)
                | Q(closed_at__isnull=False) & ~Q(state__in=_OPEN),
                name="lead_closed_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_HELD) | Q(member__isnull=False), name="lead_in_hands_of_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.WAITING.value, State.ESCALATED.value]) | Q(member__isnull=True),
                name="lead_waits_in_nobodys_hands",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-score", "-id"], condition=Q(state=State.WAITING.value), name="lead_basket"
            ),
            models.Index(
                fields=["ripe_at", "id"], condition=Q(state=State.WAITING.value), name="lead_basket_ripe"
            ),
            models.Index(
                fields=["pool", "-score", "-id"], condition=Q(state=State.WAITING.value), name="lead_in_pool"
            ),
            models.Index(
                fields=["routed_by", "offered_until"],
                condition=Q(state=State.WAITING.value),
                name="lead_to_offer",
            ),
            models.Index(
                fields=["account"], condition=Q(account__isnull=False, state__in=_OPEN), name="lead_account"
            ),
            models.Index(fields=["member", "state"], condition=Q(state__in=_HELD), name="lead_held"),
            models.Index(fields=["id"], condition=Q(state=State.ESCALATED.value), name="lead_escalated"),
            models.Index(
                fields=["attempt_due_at"], condition=Q(attempt_due_at__isnull=False), name="lead_attempt_due"
            ),
            models.Index(fields=["rots_at"], condition=Q(rots_at__isnull=False), name="lead_rots"),
            models.Index(fields=["wakes_at"], condition=Q(wakes_at__isnull=False), name="lead_wakes"),
            models.Index(
                fields=["-closed_at", "-id"],
                condition=Q(state__in=[State.RETURNED.value, State.DISQUALIFIED.value]),
                name="lead_came_back",
            ),
        ]

    def __str__(self) -> str:
        """Name the hand-off."""
        return f"Lead {self.pk}"


class Offer(models.Model):
    """Book: a lead offered to a member, with the clock of the promise and how it ended.

    `version` is the agreement it was offered under. `due_at` is when it ends by itself; empty for what a member took
    without having been offered it. `why` and `row` say how it came to the member, `by` which manager sent it.
    """

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="offers")
    member = models.ForeignKey("team.Member", on_delete=models.PROTECT, db_index=False, related_name="+")
    version = models.ForeignKey(
        "agreement.AgreementVersion", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=16, choices=[(why.value, why.name) for why in Why])
    row = models.SmallIntegerField(null=True)
    by = models.ForeignKey(
        "team.Member", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    outcome = models.CharField(
        max_length=12, blank=True, choices=[(outcome.value, outcome.name) for outcome in Outcome]
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "offer"
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=Q(outcome=""), name="offer_one_open"),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True) | ~Q(outcome="") & Q(ended_at__isnull=False),
                name="offer_ended_with_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(outcome="", due_at__isnull=False), name="offer_due"),
            models.Index(fields=["member", "-made_at"], name="offer_of_member"),
        ]


class Colleague(models.Model):
    """Book: a contact who became ripe while a lead of the same account was open, and joined it."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="colleagues")
    contact = models.ForeignKey(
        "contacts.Contact",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "lead_colleague"
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(left_at__isnull=True), name="lead_colleague_of_one"
            )
        ]


class Pool(models.Model):
    """Book: how far the turns of a pool are, by `leads.rules.Turns`."""

    code = models.CharField(primary_key=True, max_length=60)
    floor = models.BigIntegerField(default=0)
    served = models.BigIntegerField(default=0)

    class Meta:
        db_table = "lead_pool"
        constraints = [models.CheckConstraint(condition=Q(floor__gte=0), name="lead_pool_moves_on")]


class Turn(models.Model):
    """Book: how far one member's turns in a pool are."""

    pool = models.CharField(max_length=60)
    member = models.ForeignKey("team.Member", on_delete=models.CASCADE, db_index=False, related_name="+")
    at = models.BigIntegerField()
    served = models.BigIntegerField()

    class Meta:
        db_table = "lead_turn"
        constraints = [
            models.UniqueConstraint(fields=["pool", "member"], name="lead_turn_once"),
        ]
