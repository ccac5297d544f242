"""How a line enters the audit book, and how an erasure takes the words out of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from orchard.journal.models import Entry
from orchard.journal.types import DEEDS, RECORDS


def record(
    *,
    actor_id: int | None,
    action: str,
    now: datetime,
    subject: tuple[str, int] | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one line, in the caller's transaction; `action` and the subject's sort have words in `journal.types`."""
    kind, number = subject or ("", None)
    if action not in DEEDS or (kind and kind not in RECORDS):
        raise ValueError(f"The audit book has no words for {action} of {kind or 'nothing'}.")
    Entry.objects.create(
        at=now,
        actor_id=actor_id,
        action=action,
        subject_kind=kind,
        subject_id=number,
        details=dict(details or {}),
    )


def forget(*, subject_kind: str, subject_ids: Sequence[int]) -> int:
    """Empty the details of every line about these records; return how many lines held any."""
    lines = Entry.objects.filter(subject_kind=subject_kind, subject_id__in=subject_ids)
    return lines.exclude(details={}).update(details={})
