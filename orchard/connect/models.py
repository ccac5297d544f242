"""The storage of imports: one row per import with how far it is, and the rows it refused. Sort of tables: books."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from orchard.connect.types import State
from orchard.kit.phrase_field import PhraseField


class Import(models.Model):
    """One file on its way in. Counts are those of the rows stored so far.

    `people_row` is the last row whose people are stored, `last_row` the last of which everything is.

    `columns` are those that the map needs, in the spelling by which another file's are compared with them; `found` is
    how the dates and numbers of the file turned out to be written, `beside` what stands once outside of its table.
    """

    file_name = models.CharField(max_length=255)
    path = models.TextField()
    sheet = models.CharField(max_length=120, blank=True)
    map_text = models.TextField(blank=True)
    known = models.CharField(max_length=80, blank=True)
    header = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    delimiter = models.CharField(max_length=1, blank=True)
    found = models.JSONField(default=dict)
    beside = models.JSONField(default=dict)
    loud = models.BooleanField(default=False)
    kept = models.BooleanField(default=False)
    member = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in State])
    rows_total = models.BigIntegerField(null=True)
    people_row = models.BigIntegerField(default=0, db_default=0)
    last_row = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    interactions = models.BigIntegerField(default=0)
    remarks = models.JSONField(default=dict)
    error = PhraseField(default=str, blank=True)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "import"
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=[State.QUEUED, State.RUNNING, State.CANCELLING, State.UNDOING]),
                name="import_to_do",
            ),
        ]


class RejectedRow(models.Model):
    """A row that was not taken in: where it stood, why, and its cells, kept until somebody fetched and mended it."""

    made_by = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="rejects", db_column="import_id"
    )
    row = models.BigIntegerField()
    reason = PhraseField()
    cells = models.JSONField(default=list)

    class Meta:
        db_table = "import_reject"
        constraints = [models.UniqueConstraint(fields=["made_by", "row"], name="import_reject_once")]


class StoredChunk(models.Model):
    """A chunk of an import whose people are stored and whose facts are not: whom each of its rows names, in order."""

    made_by = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="chunks", db_column="import_id"
    )
    after_row = models.BigIntegerField()
    last_row = models.BigIntegerField()
    contacts = ArrayField(models.BigIntegerField(null=True))
    accounts = ArrayField(models.BigIntegerField(null=True))

    class Meta:
        db_table = "import_chunk"
        constraints = [models.UniqueConstraint(fields=["made_by", "after_row"], name="import_chunk_once")]
