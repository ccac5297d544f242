"""What happened and what is happening: moments in time, long work, toasts with their way back."""

from django import template
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from orchard.web.ui import toasts

register = template.Library()


@register.simple_block_tag
def timeline(content: str, label: str) -> str:
    """Hold moments, newest first."""
    return render_to_string("ui/components/timeline.html", {"content": content, "label": label})


@register.simple_block_tag
def moment(
    content: str, icon: str, what: str, when: str, at: str = "", *, undone: bool = False, void: bool = False
) -> str:
    """Tell one thing that happened: what, when in words, `at` as an ISO time; its own words as content.

    `undone` says that it was taken back, `void` that it stands but counts for nothing.
    """
    return render_to_string(
        "ui/components/moment.html",
        {
            "content": SafeString(content.strip()),
            "icon": icon,
            "what": what,
            "when": when,
            "at": at,
            "undone": undone,
            "void": bool(void),
        },
    )


@register.simple_block_tag
def progress(
    content: str,
    id: str,  # noqa: A002 - the attribute's name
    label: str,
    *,
    value: int | None = None,
    of: int | None = None,
    poll: str = "",
) -> str:
    """Show long work: asks `poll` every second for this same component, and leaves off once it comes without `poll`.

    `value` None is work whose end is not known. The view answers 204 while nothing changed.
    """
    return render_to_string(
        "ui/components/progress.html",
        {
            "content": SafeString(content.strip()),
            "id": id,
            "label": label,
            "value": value,
            "of": of,
            "poll": poll,
        },
    )


@register.filter
def undo_address(message: Message) -> str:
    """Return where a toast can be undone, or the empty text."""
    tags = message.extra_tags or ""
    return tags.removeprefix(toasts.UNDO) if tags.startswith(toasts.UNDO) else ""
