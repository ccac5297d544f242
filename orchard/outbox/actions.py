"""How a message enters the outbox with the transaction that decided it, how it is emptied, and when its gate closes."""

import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from orchard.journal import actions as journal
from orchard.kit import clock, logs
from orchard.kit.errors import Conflict
from orchard.kit.words import kept
from orchard.outbox import models, rules
from orchard.outbox.models import Gate, Message
from orchard.outbox.types import LEASE, RETRIES, Outgoing, Sender, Where

logger = logging.getLogger(__name__)

BATCH = 50
KEPT = timedelta(days=90)

# Where systemd keeps what names a machine, and what a container has at its root: an image's name is no machine's.
_MACHINE = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_CONTAINER = (Path("/.dockerenv"), Path("/run/.containerenv"))


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
        if not _may_leave(message.id, token):
            break
        error = ""
        try:
            send(message)
            sent += 1
        except Exception as problem:  # noqa: BLE001 - whatever is wrong with one, the others leave
            said = logs.words_of(problem)
            logger.warning(
                "Message %s did not leave (%s).",
                message.id,
                " ".join(filter(None, (type(problem).__name__, said))),
            )
            error = f"{type(problem).__name__}: {problem}"
        settle(message_id=message.id, claim_token=token, error=error, now=now)
    return sent


def _may_leave(message_id: int, claim_token: str) -> bool:
    """Tell, just before sending, whether the gate is still open and the claim still ours."""
    ours = Message.objects.filter(id=message_id, claim=claim_token, state=Message.State.CLAIMED)
    return is_open() and ours.filter(claimed_until__gt=clock.now()).exists()


def forget_old(*, now: datetime) -> int:
    """Delete what left, or was given up, three months ago; return how many messages that were."""
    return Message.objects.filter(done_at__lt=now - KEPT).delete()[0]


def is_open() -> bool:
    """Tell whether anything may leave."""
    gate = Gate.objects.filter(id=1).first()
    return gate is None or gate.open


@transaction.atomic
def arrive(*, now: datetime) -> str:
    """Look, at a start, whether this is the installation that the database knows: a copy closes the gate.

    The very first start makes its place known. Returns why the gate is closed; empty while it is open.
    """
    here = _here()
    known = [place.where for place in models.Place.objects.filter(known_at__isnull=False)]
    if not known:
        _know(here, now)
    reason = rules.strange(known, here)
    if reason:
        models.Place.objects.get_or_create(**asdict(here))
    if reason and is_open():
        close(reason=reason, now=now)
    gate = Gate.objects.filter(id=1, open=False).first()
    return gate.reason if gate else ""


@transaction.atomic
def close(*, reason: str, now: datetime, actor_id: int | None = None, by: str = "") -> None:
    """Let nothing leave until somebody opens the gate; `by` names whoever typed the command."""
    Gate.objects.update_or_create(id=1, defaults={"open": False, "reason": reason})
    details = {"reason": kept(reason), "by": by}
    journal.record(actor_id=actor_id, action="outbox.closed", details=details, now=now)


@transaction.atomic
def open_gate(*, now: datetime, actor_id: int | None, by: str = "") -> int:
    """Let leave what waits: this is the live system, and this is where it lives; return how many messages wait."""
    gate = Gate.objects.select_for_update().filter(id=1, open=False).first()
    if gate is None:
        raise Conflict("The gate is open already.")
    reason = gate.reason
    Gate.objects.filter(id=1).update(open=True, reason="")
    here = _here()
    # Of a database that was copied, the places of the first one are not its own.
    models.Place.objects.exclude(server=here.server, database=here.database).delete()
    _know(here, now)
    # Several machines may serve one database: all that asked to be confirmed are, by one who knows.
    models.Place.objects.filter(known_at__isnull=True).update(known_at=now)
    waiting = Message.objects.filter(state__in=[Message.State.WAITING, Message.State.CLAIMED]).count()
    journal.record(
        actor_id=actor_id,
        action="outbox.opened",
        details={"reason": kept(reason), "waiting": waiting, "by": by},
        now=now,
    )
    return waiting


def _know(here: Where, now: datetime) -> None:
    models.Place.objects.update_or_create(**asdict(here), defaults={"known_at": now})


def _here() -> Where:
    """Tell what this process sees of the place: all of it can be read by a plain role and outlives an upgrade."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        (database,) = cursor.fetchone()
        cursor.execute("SELECT has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')")
        server = ""
        if cursor.fetchone()[0]:
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            server = str(cursor.fetchone()[0])
    home = Path(settings.ORCHARD_HOME).resolve()
    return Where(_mark(home), str(home), _machine(), server, int(database))


def _mark(home: Path) -> UUID:
    """Return what was drawn for this home; drawn now where there is none."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "installation"
    fresh = home / f".installation-{uuid4().hex}"
    if not path.exists():
        fresh.write_text(f"{uuid4()}\n")
        # Two processes may draw at once; the first one's mark stays.
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    try:
        return UUID(path.read_text().strip())
    except ValueError:
        return UUID(int=0)


def _machine() -> str:
    """Return a hash of what names this machine; empty inside a container and where there is no such name."""
    if any(path.exists() for path in _CONTAINER):
        return ""
    for path in _MACHINE:
        with suppress(OSError):
            if name := path.read_text().strip():
                return sha256(f"orchard {name}".encode()).hexdigest()
    return ""
