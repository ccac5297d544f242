"""What the next page says in a corner: one sentence, and where it can be undone, the way back."""

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def say(request: HttpRequest, sentence: str, *, undo: str = "") -> None:
    """Show `sentence` on the next page; `undo` is the address that takes it back by POST."""
    messages.success(request, sentence, extra_tags=f"{UNDO}{undo}" if undo else "", fail_silently=True)


def warn(request: HttpRequest, sentence: str) -> None:
    """Show on the next page that something did not go as asked."""
    messages.error(request, sentence, fail_silently=True)
