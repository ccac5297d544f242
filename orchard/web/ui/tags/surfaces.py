"""What things lie on: sheets, tables, notes, and the states of a view that has nothing to show."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from orchard.web.ui.tags.arguments import one_of

register = template.Library()


@register.simple_block_tag
def card(content: str, title: str = "", about: str = "", *, flush: bool = False) -> str:
    """Lay content on a sheet; `flush` leaves out the padding, for rows and tables."""
    return render_to_string(
        "ui/components/card.html",
        {"content": content, "title": title, "about": about, "flush": flush},
    )


@register.simple_block_tag
def table(content: str, caption: str, *, dense: bool = False) -> str:
    """Wrap `<thead>` and `<tbody>`; on a phone each row becomes a card, with `data-label` of a cell as its label."""
    return render_to_string(
        "ui/components/table.html", {"content": content, "caption": caption, "dense": dense}
    )


@register.simple_block_tag
def note(content: str, tone: str = "neutral", label: str = "") -> str:
    """Set a remark apart: tones neutral, ok, soon, overdue, and `say` for words to be spoken."""
    one_of(tone, ("neutral", "ok", "soon", "overdue", "say"), "tone of a note")
    return render_to_string("ui/components/note.html", {"content": content, "tone": tone, "label": label})


@register.simple_block_tag
def empty(content: str, title: str, words: str, icon: str = "sprout", *, level: int = 2) -> str:
    """Say what will stand here, with the one act that fills it as content."""
    return _state("empty", content, title, words, icon, level=level)


@register.simple_block_tag
def failed(content: str, title: str, words: str, icon: str = "triangle-alert", *, level: int = 2) -> str:
    """Say what went wrong and what to do, with the way out as content."""
    return _state("failed", content, title, words, icon, level=level)


@register.simple_block_tag
def closed(content: str, title: str, words: str, icon: str = "lock", *, level: int = 2) -> str:
    """Say that the member may not see this, and who can help."""
    return _state("closed", content, title, words, icon, level=level)


def _state(kind: str, content: str, title: str, words: str, icon: str, *, level: int) -> str:
    return render_to_string(
        "ui/components/state.html",
        {
            "kind": kind,
            "content": SafeString(content.strip()),
            "title": title,
            "words": words,
            "icon": icon,
            "level": level,
        },
    )
