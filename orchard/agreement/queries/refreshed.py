"""When everybody was assessed anew."""

from datetime import datetime

from orchard.agreement.models import Refreshed


def last_refresh() -> datetime | None:
    """Return when the last refresh ended that wrote everybody's verdict anew; None where none did."""
    finished = Refreshed.objects.filter(finished_at__isnull=False).order_by("-finished_at")
    return finished.values_list("finished_at", flat=True).first()
