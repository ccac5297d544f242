"""How a message enters the outbox with the transaction that decided it, and how the outbox is emptied."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from orchard.kit import logs
from orchard.outbox.models import Gate, Message
from orchard.outbox.types import LEASE, RETRIES, Outgoing, Sender

logger = logging.getLogger(__name__)

BATCH = 50


def put(
    *,
    channel: str,
    recipient: str,
    payload: Mapping[str, Any],
    unique_key: str,
    now: datetime,
    due_at: datetime | None = None,
) -> bool:
    """Put a message out, in the caller's transaction; return False where `unique_key` was put before."""
    _, created = Message.objects.get_or_create(
        unique_key=unique_key,
        defaults={
            "channel": channel,
            "recipient": recipient,
            "payload": dict(payload),
            "due_at": due_at or now,
            "created_at": now,
        },
    )
    return created


def claim(*, channel: str, now: datetime) -> tuple[str, list[Outgoing]]:
    """Claim what is due on `channel` for `LEASE`, nothing while the gate is closed; return claim and messages."""
    token = uuid4()
    with transaction.atomic():
        if not is_open():
            return str(token), []
        due = Q(state=Message.State.WAITING) | Q(state=Message.State.CLAIMED, claimed_until__lte=now)
        rows = list(
            Message.objects.select_for_update(skip_locked=True)
            .filter(due, channel=channel, due_at__lte=now)
            .order_by("due_at")[:BATCH]
        )
        Message.objects.filter(id__in=[row.id for row in rows]).update(
            state=Message.State.CLAIMED, claim=token, claimed_until=now + LEASE
        )
    return str(token), [Outgoing(row.id, row.recipient, row.payload) for row in rows]


def settle(*, message_id: int, claim_token: str, error: str, now: datetime) -> None:
    """Write down how sending went (`error` empty: sent); only for the claim that is still ours."""
    with transaction.atomic():
        row = (
            Message.objects.select_for_update()
            .filter(id=message_id, claim=claim_token, state=Message.State.CLAIMED)
            .first()
        )
        if row is None:
            return
        row.attempts += 1
        row.error = error[:300]
        if not error:
            row.state, row.done_at, row.payload = Message.State.SENT, now, {}
        elif row.attempts > len(RETRIES):
            row.state, row.done_at, row.payload = Message.State.FAILED, now, {}
        else:
            row.state, row.due_at = Message.State.WAITING, now + RETRIES[row.attempts - 1]
        row.save()


def empty(*, channel: str, send: Sender, now: datetime) -> int:
    """Send what is due on `channel`; return how many left. A message that fails is tried again later."""
    token, messages = claim(channel=channel, now=now)
    sent = 0
    for message in messages:
        error = ""
        try:
            send(message)
            sent += 1
        except OSError as problem:
            said = logs.words_of(problem)
            logger.warning(
                "Message %s did not leave (%s).",
                message.id,
                " ".join(filter(None, (type(problem).__name__, said))),
            )
            error = f"{type(problem).__name__}: {problem}"
        settle(message_id=message.id, claim_token=token, error=error, now=now)
    return sent


def is_open() -> bool:
    """Tell whether anything may leave."""
    gate = Gate.objects.filter(id=1).first()
    return gate is None or gate.open
