"""When the last backup was made, and whether that is long ago."""

from datetime import datetime, timedelta

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from orchard.backup.models import Made
from orchard.kit.languages import dated
from orchard.reports.types import Finding, Grade

LONG_AGO = timedelta(days=3)
"""A nightly backup that failed once may go unseen; one that failed for so long may not."""


def last() -> Made | None:
    """Return the newest backup that was written whole."""
    return Made.objects.order_by("-id").first()


def findings(*, now: datetime, is_demo: bool) -> list[Finding]:
    """Return how the last backup stands; nobody needs one of the demo company."""
    made, about = last(), _("Backup")
    todo = _("Run `orchard backup FILE` every night, and keep the file on another machine.")
    if made is None:
        return [] if is_demo else [Finding(about, Grade.LOOK, _("No backup was made yet."), todo)]
    words = _("The last backup was made on %(day)s, of %(size)s.") % {
        "day": dated(timezone.localtime(made.at), "j M Y, H:i"),
        "size": filesizeformat(made.file_bytes),
    }
    late = now - made.at > LONG_AGO and not is_demo
    return [Finding(about, Grade.LOOK if late else Grade.WELL, words, todo if late else "")]
