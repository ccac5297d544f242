"""When the last backup was made."""

from orchard.backup.models import Made


def last() -> Made | None:
    """Return the newest backup that was written whole."""
    return Made.objects.order_by("-id").first()
