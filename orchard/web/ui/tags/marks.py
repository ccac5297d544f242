"""Small signs beside words: icons, pills, rings, meters, initials."""

import math
import re
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from orchard.kit.words import voiced
from orchard.web.ui import assets
from orchard.web.ui.tags.arguments import one_of

register = template.Library()
register.filter("said", voiced)

PILL_TONES = ("neutral", "ok", "soon", "overdue", "rot")
RING_TONES = ("growing", "ripening", "ripe", "rot")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a Lucide icon; without `label` it is an ornament beside a word and hidden from screen readers."""
    try:
        shape = assets.icons()[name]
    except KeyError:
        raise template.TemplateSyntaxError(
            f"There is no icon {name!r}; add its Lucide name to orchard/web/ui/src/icons.txt and build.",
        ) from None
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    inner = mark_safe(shape)  # noqa: S308 - from our own build, never from a user
    return format_html('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>', spoken, inner)


@register.inclusion_tag("ui/components/pill.html")
def pill(words: str, tone: str = "neutral", icon: str = "") -> dict[str, Any]:
    """Show a state in a word or two; the tone is one of neutral, ok, soon, overdue, rot."""
    return {"words": words, "tone": one_of(tone, PILL_TONES, "tone of a pill"), "icon": icon}


@register.inclusion_tag("ui/components/ring.html")
def ring(value: float, of: float = 100, tone: str = "growing", label: str = "") -> dict[str, Any]:
    """Draw a score as a ring, cut to a whole number; the agreement, not this tag, knows what is ripe."""
    share = min(max(value / of, 0), 1) * 100 if of else 0
    return {
        "shown": math.floor(value),
        "share": f"{share:.1f}",
        "tone": one_of(tone, RING_TONES, "tone of a ring"),
        "label": label,
    }


@register.inclusion_tag("ui/components/meter.html")
def meter(value: float, of: float, tone: str = "ok", label: str = "") -> dict[str, Any]:
    """Draw a share of a whole as a bar; `label` says it in words."""
    share = min(max(value / of, 0), 1) * 100 if of else 0
    return {"share": f"{share:.1f}", "tone": one_of(tone, PILL_TONES, "tone of a meter"), "label": label}


@register.simple_tag
def dotted(*words: object) -> SafeString:
    """Set words in one line with dots between, leaving out those that are empty."""
    return format_html_join(" · ", "{}", ((word,) for word in words if word))


@register.simple_tag
def initials(name: str) -> SafeString:
    """Draw the round mark of a member: first letters of the first and the last name."""
    words = name.split() or ["?"]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return format_html('<span class="initials" aria-hidden="true">{}</span>', letters.upper())


@register.filter
def with_code(text: str) -> SafeString:
    """Set what stands between backticks as code, everything else escaped."""
    parts = re.split(r"`([^`]+)`", text)
    shapes = "".join("<code>{}</code>" if place % 2 else "{}" for place in range(len(parts)))
    return format_html(shapes, *parts)
