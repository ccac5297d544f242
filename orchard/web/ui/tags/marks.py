"""Small signs beside words: icons, pills, rings, meters, initials."""

import math
import re
from functools import cache
from itertools import chain, zip_longest
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from orchard.kit.codes import country_name
from orchard.kit.words import voiced
from orchard.web.ui import assets
from orchard.web.ui.tags.arguments import escaped, filled, one_of

register = template.Library()
register.filter("said", voiced)


@register.filter
def country(code: str | None) -> str:
    """Name a country by its code in the reader's language; nothing for None."""
    return country_name(code) if code else ""


PILL_TONES = ("neutral", "ok", "soon", "overdue", "rot")
_HASH = re.compile(r"\b([0-9a-f]{64})\b")
_COMPARED = 12
RING_TONES = ("growing", "ripening", "ripe", "rot")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a Lucide icon; without `label` it is an ornament beside a word and hidden from screen readers."""
    if not label:
        return _ornament(name)
    return filled(
        '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, _shape(name)
    )


@cache
def _ornament(name: str) -> SafeString:
    return filled('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', _shape(name))


def _shape(name: str) -> SafeString:
    try:
        shape = assets.icons()[name]
    except KeyError:
        raise template.TemplateSyntaxError(
            f"There is no icon {name!r}; add its Lucide name to orchard/web/ui/src/icons.txt and build.",
        ) from None
    return mark_safe(shape)  # noqa: S308 - from our own build, never from a user


# Marks stand in every row of a list: written by hand, as a template of its own for each costs more than it draws.


@register.simple_tag
def pill(words: str, tone: str = "neutral", icon: str = "") -> SafeString:
    """Show a state in a word or two; the tone is one of neutral, ok, soon, overdue, rot."""
    one_of(tone, PILL_TONES, "tone of a pill")
    return filled('<span class="pill pill-{}">{}{}</span>', tone, _ornament(icon) if icon else "", words)


@register.simple_tag
def ring(value: float, of: float = 100, tone: str = "growing", label: str = "") -> SafeString:
    """Draw a score as a ring, cut to a whole number; the agreement, not this tag, knows what is ripe."""
    one_of(tone, RING_TONES, "tone of a ring")
    share = min(max(value / of, 0), 1) * 100 if of else 0
    arc = (
        '<circle class="score-ring-arc" cx="18" cy="18" r="15.5" pathLength="100"'
        ' stroke-dasharray="{:.1f} 100" transform="rotate(-90 18 18)"/>'
    )
    return filled(
        '<svg class="score-ring score-ring-{}" viewBox="0 0 36 36" {}>'
        '<circle class="score-ring-track" cx="18" cy="18" r="15.5"/>{}'
        '<text class="score-ring-words" x="18" y="18.5">{}</text></svg>',
        tone,
        _spoken(label),
        SafeString(arc.format(share)) if round(share, 1) else "",
        math.floor(value),
    )


@register.simple_tag
def meter(value: float, of: float, tone: str = "ok", label: str = "") -> SafeString:
    """Draw a share of a whole as a bar; `label` says it in words."""
    one_of(tone, PILL_TONES, "tone of a meter")
    share = min(max(value / of, 0), 1) * 100 if of else 0
    return filled(
        '<svg class="meter meter-{}" viewBox="0 0 100 6" preserveAspectRatio="none" {}>'
        '<rect class="meter-track" width="100" height="6"/>'
        '<rect class="meter-fill" width="{}" height="6"/></svg>',
        tone,
        _spoken(label),
        f"{share:.1f}",
    )


def _spoken(label: str) -> SafeString:
    """Say what a drawing shows, or hide it from screen readers."""
    return filled('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')


@register.simple_tag
def dotted(*words: Any) -> SafeString:
    """Set words in one line with dots between, leaving out those that are empty."""
    return SafeString(" · ".join(escaped(word) for word in words if word))


@register.simple_tag
def initials(name: str) -> SafeString:
    """Draw the round mark of a member: first letters of the first and the last name."""
    words = name.split() or ["?"]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return filled('<span class="initials" aria-hidden="true">{}</span>', letters.upper())


@register.filter
def with_hashes(text: str) -> SafeString:
    """Cut the hashes in a text to what one compares by eye; a pointer that rests on one shows the whole of it."""
    parts = _HASH.split(text)
    cut = (filled('<code title="{}">{}…</code>', part, part[:_COMPARED]) for part in parts[1::2])
    return SafeString(
        "".join(map(str, chain.from_iterable(zip_longest(map(escaped, parts[::2]), cut, fillvalue=""))))
    )


@register.filter
def with_code(text: str) -> SafeString:
    """Set what stands between backticks as code, everything else escaped."""
    parts = re.split(r"`([^`]+)`", text)
    shapes = "".join("<code>{}</code>" if place % 2 else "{}" for place in range(len(parts)))
    return filled(shapes, *parts)
