"""The outbox's storage: one row per message that a transaction decided to send."""

from django.db import models
from django.db.models import Q

from orchard.kit.phrase_field import PhraseField
from orchard.outbox.types import Where


class Message(models.Model):
    """A message on its way out; its words are emptied once it has left or was given up."""

    class State(models.TextChoices):
        """Where a message stands."""

        WAITING = "waiting"
        CLAIMED = "claimed"
        SENT = "sent"
        FAILED = "failed"

    unique_key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=20)
    recipient = models.CharField(max_length=320)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbox_message"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["waiting", "claimed"]), name="outbox_due"),
            models.Index(fields=["state", "done_at"], condition=Q(done_at__isnull=False), name="outbox_done"),
        ]


class Gate(models.Model):
    """Whether anything may leave; one row. Closed after a restore until an operator says this is the live system."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    open = models.BooleanField(default=True)
    reason = PhraseField(default=str, blank=True)

    class Meta:
        db_table = "outbox_gate"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="outbox_one_gate")]


class Place(models.Model):
    """A place where this installation lives: it is known since its first start, or since the gate was opened.

    Where `known_at` is empty it closed the gate, and waits to be confirmed.
    """

    mark = models.UUIDField()
    home = models.TextField()
    machine = models.CharField(max_length=64, blank=True)
    server = models.CharField(max_length=20, blank=True)
    database = models.BigIntegerField()
    known_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbox_place"
        constraints = [
            models.UniqueConstraint(
                fields=["mark", "home", "machine", "server", "database"], name="outbox_place_once"
            )
        ]

    @property
    def where(self) -> Where:
        """What tells this place from another."""
        return Where(self.mark, self.home, self.machine, self.server, self.database)
