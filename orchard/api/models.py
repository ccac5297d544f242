"""The room's storage: tokens by which other systems call, and what their calls were answered. Books both."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from orchard.api.types import TOKEN_NAME


class ApiToken(models.Model):
    """A token: acts for a member within its scopes. The secret is kept as a keyed hash alone."""

    name = models.CharField(max_length=TOKEN_NAME)
    member = models.ForeignKey("team.Member", on_delete=models.CASCADE, related_name="+")
    scopes = ArrayField(models.CharField(max_length=40))
    prefix = models.CharField(max_length=8, unique=True)
    secret_hash = models.UUIDField()
    created_by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_token"

    def __str__(self) -> str:
        """Name the token."""
        return self.name


class Answer(models.Model):
    """What a call with an `Idempotency-Key` was answered, so that it is done once and answered alike.

    `key` and `call` are keyed hashes: of the key and its token, and of everything that makes the call the same call.
    `contact_ids` says whose answer it is; where they are erased, status 410 and an empty body stay.
    """

    key = models.UUIDField(primary_key=True)
    call = models.UUIDField()
    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+", db_index=False)
    status = models.SmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField()
    contact_ids = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "api_answer"
