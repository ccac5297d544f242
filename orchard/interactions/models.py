"""The ledger's storage: facts that never change, their order, the cursors of its readers, aliases and corrections."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from orchard.interactions.kinds import WITH_SALES
from orchard.interactions.types import NotUseful


class Interaction(models.Model):
    """One fact. A trigger refuses UPDATE, DELETE and TRUNCATE; ids point at records and are no foreign keys."""

    contact_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    direction = models.CharField(max_length=3, blank=True)
    campaign_id = models.BigIntegerField(null=True)
    content_id = models.BigIntegerField(null=True)
    member_id = models.BigIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    bulk = models.BooleanField(default=False)
    import_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "interaction"
        indexes = [
            models.Index(fields=["contact_id"], name="interaction_contact"),
            models.Index(
                fields=["account_id"], condition=Q(account_id__isnull=False), name="interaction_account"
            ),
            models.Index(
                fields=["subject_kind", "subject_id"],
                condition=~Q(subject_kind=""),
                name="interaction_subject",
            ),
            models.Index(
                fields=["contact_id"], condition=Q(kind__in=WITH_SALES), name="interaction_with_sales"
            ),
            BrinIndex(fields=["import_id"], name="interaction_import", pages_per_range=16),
        ]


class Noted(models.Model):
    """Ids of facts of one statement that have no place yet; written by the trigger, taken by the sequencer.

    `told` is what a consumer appended while it read others: the database sets it, by `orchard.reading`.
    """

    ids = ArrayField(models.BigIntegerField())
    bulk = models.BooleanField()
    told = models.BooleanField(default=False)

    class Meta:
        db_table = "ledger_noted"


class Order(models.Model):
    """The place of a fact: one dense integer, given after commit."""

    pos = models.BigIntegerField(primary_key=True)
    interaction_id = models.BigIntegerField(unique=True)
    bulk = models.BooleanField()

    class Meta:
        db_table = "ledger_order"
        indexes = [models.Index(fields=["pos"], condition=Q(bulk=False), name="ledger_order_live")]


class Head(models.Model):
    """The last place given; one row, locked by the sequencer."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    pos = models.BigIntegerField(default=0)

    class Meta:
        db_table = "ledger_head"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="ledger_one_head")]


class Seen(models.Model):
    """Keyed hashes of what was appended under a key, so that it is appended once."""

    key = models.UUIDField(primary_key=True)

    class Meta:
        db_table = "seen"


class Cursor(models.Model):
    """How far a consumer has read one lane."""

    pk = models.CompositePrimaryKey("consumer", "lane")
    consumer = models.CharField(max_length=60)
    lane = models.CharField(max_length=4)
    pos = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_cursor"


class Stuck(models.Model):
    """A contact that a consumer could not digest; its later facts wait here too, everyone else goes on."""

    consumer = models.CharField(max_length=60)
    lane = models.CharField(max_length=4)
    contact_id = models.BigIntegerField()
    pos = models.BigIntegerField()
    error = models.TextField()
    since = models.DateTimeField()

    class Meta:
        db_table = "ledger_stuck"
        constraints = [
            models.UniqueConstraint(fields=["consumer", "lane", "contact_id"], name="ledger_stuck_once")
        ]


class Alias(models.Model):
    """An old contact id that now means a living one; flat. `ended_by` keeps what was, so that the past can be read."""

    old_id = models.BigIntegerField()
    living_id = models.BigIntegerField()
    made_by = models.BigIntegerField()
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "contact_alias"
        constraints = [
            models.UniqueConstraint(
                fields=["old_id"], condition=Q(ended_by__isnull=True), name="contact_alias_one"
            ),
            models.CheckConstraint(condition=~Q(old_id=models.F("living_id")), name="contact_alias_other"),
        ]
        indexes = [
            models.Index(
                fields=["living_id"], condition=Q(ended_by__isnull=True), name="contact_alias_living"
            )
        ]


class Correction(models.Model):
    """A fact taken back (`contact_id` empty) or moved to another contact, by a later fact."""

    interaction_id = models.BigIntegerField()
    contact_id = models.BigIntegerField(null=True)
    made_by = models.BigIntegerField()
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_correction"
        constraints = [
            models.UniqueConstraint(
                fields=["interaction_id"], condition=Q(ended_by__isnull=True), name="ledger_correction_one"
            ),
        ]
        indexes = [
            models.Index(
                fields=["contact_id"],
                condition=Q(ended_by__isnull=True, contact_id__isnull=False),
                name="ledger_correction_contact",
            ),
        ]


class Discount(models.Model):
    """A fact that a member said to be not useful, by the fact `made_by`, until the fact `ended_by` said otherwise."""

    interaction_id = models.BigIntegerField()
    why = models.CharField(max_length=12, choices=[(each.value, each.value) for each in NotUseful])
    member_id = models.BigIntegerField()
    said_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_discount"
        constraints = [
            models.UniqueConstraint(
                fields=["interaction_id"], condition=Q(ended_by__isnull=True), name="ledger_discount_one"
            ),
        ]
        indexes = [
            models.Index(fields=["made_by"], name="ledger_discount_told"),
            models.Index(
                fields=["-said_at", "-id"], condition=Q(ended_by__isnull=True), name="ledger_discount_lately"
            ),
        ]


class Words(models.Model):
    """What was said or written around a fact; beside the ledger, so that it can be erased."""

    interaction_id = models.BigIntegerField(primary_key=True)
    contact_id = models.BigIntegerField(null=True, db_index=True)
    text = models.TextField()

    class Meta:
        db_table = "interaction_words"


class InteractionClass(models.Model):
    """Projection: who made a fact, where it does not count: a machine, nobody can tell, or it is said to be not useful.

    No row: made by a person, and it counts.
    """

    interaction_id = models.BigIntegerField(primary_key=True)
    made_by = models.CharField(max_length=8)
    version = models.SmallIntegerField()

    class Meta:
        db_table = "interaction_class"
