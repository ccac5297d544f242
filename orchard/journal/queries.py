"""What the audit book says."""

from collections.abc import Sequence

from orchard.journal.models import Entry


def about(subject_kind: str, subject_id: int, *, limit: int = 50) -> Sequence[Entry]:
    """Return the newest lines about one record."""
    return list(
        Entry.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("-id")[:limit]
    )
