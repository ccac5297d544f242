"""The components as template tags: `{% load ui %}`; the page `/ui/` shows each in every state with its source."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms.utils import flatatt
from django.template.loader import get_template, render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from orchard.web.ui import assets, toasts

register = template.Library()

BUTTON_KINDS = ("accent", "plain", "quiet", "danger")
PILL_TONES = ("neutral", "ok", "soon", "overdue", "rot")
RING_TONES = ("growing", "ripening", "ripe", "rot")


def _one_of(value: str, allowed: Sequence[str], what: str) -> str:
    if value not in allowed:
        raise template.TemplateSyntaxError(f"{value!r} is no {what}; use one of {', '.join(allowed)}.")
    return value


def _attributes(given: dict[str, Any]) -> SafeString:
    """Write keyword arguments as HTML attributes: `hx_post=url` becomes `hx-post="…"`; True stands bare, False and None fall away."""
    return flatatt({name.rstrip("_").replace("_", "-"): value for name, value in given.items()})


# What every page loads


@register.simple_tag
def ui_assets(*, may_lack: bool = False) -> SafeString:
    """Link the built styles and scripts; with `may_lack` (the last error page) say nothing where they are not built."""
    try:
        built = assets.assets()
    except assets.NotBuilt:
        if may_lack:
            return SafeString("")
        raise
    return format_html(
        "{}{}{}",
        format_html_join(
            "\n",
            '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>',
            ((assets.address(path),) for path in built.fonts),
        ),
        format_html_join(
            "\n", '<link rel="stylesheet" href="{}">', ((assets.address(path),) for path in built.styles)
        ),
        format_html_join(
            "\n",
            '<script type="module" src="{}"></script>',
            ((assets.address(path),) for path in built.scripts),
        ),
    )


@register.simple_block_tag
def keep(content: str) -> str:
    """Hold a piece of the page for a second use: `{% keep as title %}…{% endkeep %}`, then `{{ title }}`."""
    return SafeString(content.strip())


# Marks


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a Lucide icon; without `label` it is an ornament beside a word and hidden from screen readers."""
    try:
        shape = assets.icons()[name]
    except KeyError:
        raise template.TemplateSyntaxError(
            f"There is no icon {name!r}; add its Lucide name to orchard/web/ui/src/icons.txt and build.",
        ) from None
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')  # noqa: S308 - a constant
    inner = mark_safe(shape)  # noqa: S308 - from our own build, never from a user
    return format_html('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>', spoken, inner)


@register.inclusion_tag("ui/components/pill.html")
def pill(words: str, tone: str = "neutral", icon: str = "") -> dict[str, Any]:
    """Show a state in a word or two; the tone is one of neutral, ok, soon, overdue, rot."""
    return {"words": words, "tone": _one_of(tone, PILL_TONES, "tone of a pill"), "icon": icon}


@register.inclusion_tag("ui/components/ring.html")
def ring(value: float, of: float = 100, tone: str = "growing", label: str = "") -> dict[str, Any]:
    """Draw a score as a ring, cut to a whole number; the agreement, not this tag, knows what is ripe."""
    share = min(max(value / of, 0), 1) * 100 if of else 0
    return {
        "shown": math.floor(value),
        "share": f"{share:.1f}",
        "tone": _one_of(tone, RING_TONES, "tone of a ring"),
        "label": label,
    }


@register.inclusion_tag("ui/components/meter.html")
def meter(value: float, of: float, tone: str = "ok", label: str = "") -> dict[str, Any]:
    """Draw a share of a whole as a bar; `label` says it in words."""
    share = min(max(value / of, 0), 1) * 100 if of else 0
    return {"share": f"{share:.1f}", "tone": _one_of(tone, PILL_TONES, "tone of a meter"), "label": label}


@register.simple_tag
def initials(name: str) -> SafeString:
    """Draw the round mark of a member: first letters of the first and the last name."""
    words = name.split() or ["?"]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return format_html('<span class="initials" aria-hidden="true">{}</span>', letters.upper())


# Acts


@register.inclusion_tag("ui/components/button.html")
def button(
    words: str,
    kind: str = "plain",
    icon: str = "",
    href: str = "",
    *,
    small: bool = False,
    bare: bool = False,
    **attributes: Any,
) -> dict[str, Any]:
    """Offer an act: a link with `href`, else a submit button; kinds are accent (one a view), plain, quiet, danger.

    `bare` shows the icon alone and keeps the words for screen readers. Other arguments become attributes.
    """
    if not href:
        attributes.setdefault("type", "submit")
    return {
        "words": words,
        "icon": icon,
        "href": href,
        "bare": bare,
        "small": small,
        "kind": _one_of(kind, BUTTON_KINDS, "kind of button"),
        "attributes": _attributes(attributes),
    }


@register.inclusion_tag("ui/components/act.html", takes_context=True)
def act(
    context: template.Context,
    words: str,
    post: str,
    kind: str = "plain",
    icon: str = "",
    *,
    small: bool = False,
    **values: Any,
) -> dict[str, Any]:
    """Offer an act that changes something: a form of one button that posts to `post`; other arguments become hidden fields."""
    return {
        "csrf_token": context.get("csrf_token"),
        "words": words,
        "post": post,
        "kind": kind,
        "icon": icon,
        "small": small,
        "values": values,
    }


# Surfaces


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
    _one_of(tone, ("neutral", "ok", "soon", "overdue", "say"), "tone of a note")
    return render_to_string("ui/components/note.html", {"content": content, "tone": tone, "label": label})


@register.simple_block_tag
def empty(content: str, title: str, words: str, icon: str = "sprout", level: int = 2) -> str:
    """Say what will stand here, with the one act that fills it as content."""
    return _state("empty", content, title, words, icon, level)


@register.simple_block_tag
def failed(content: str, title: str, words: str, icon: str = "triangle-alert", level: int = 2) -> str:
    """Say what went wrong and what to do, with the way out as content."""
    return _state("failed", content, title, words, icon, level)


@register.simple_block_tag
def closed(content: str, title: str, words: str, icon: str = "lock", level: int = 2) -> str:
    """Say that the member may not see this, and who can help."""
    return _state("closed", content, title, words, icon, level)


def _state(kind: str, content: str, title: str, words: str, icon: str, level: int) -> str:
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


# Ways through


@register.inclusion_tag("ui/components/pager.html")
def pager(next: str = "", previous: str = "", words: str = "") -> dict[str, str]:  # noqa: A002 - the word of the page
    """Page by keyset: the addresses of the next and the previous page, empty where there is none."""
    return {"next": next, "previous": previous, "words": words}


@register.inclusion_tag("ui/components/crumb.html")
def crumb(words: str, href: str = "") -> dict[str, str]:
    """Name one step of the way here, in the block `crumbs`."""
    return {"words": words, "href": href}


@register.inclusion_tag("ui/components/tab.html")
def tab(words: str, href: str, count: int | None = None, *, current: bool = False) -> dict[str, Any]:
    """Offer one side of a page, inside `{% tabs %}`."""
    return {"words": words, "href": href, "count": count, "current": current}


@register.simple_block_tag
def tabs(content: str, label: str) -> str:
    """Hold the sides of a page; each is a page of its own with an address."""
    return render_to_string("ui/components/tabs.html", {"content": content, "label": label})


@register.inclusion_tag("ui/components/stepper.html")
def stepper(steps: Sequence[str], at: int) -> dict[str, Any]:
    """Show how far along one is: the words of all steps, and the number (from 1) of the present one."""
    return {"steps": [(number, words) for number, words in enumerate(steps, 1)], "at": at}


@register.simple_block_tag
def filters(content: str, label: str, action: str = "", **attributes: Any) -> str:
    """Hold the fields that narrow a list; a changed choice sends the form by GET."""
    return render_to_string(
        "ui/components/filters.html",
        {"content": content, "label": label, "action": action, "attributes": _attributes(attributes)},
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> str:  # noqa: A002 - the attribute's name
    """Hold what a button with `data_opens=id` opens."""
    return render_to_string("ui/components/dialog.html", {"content": content, "id": id, "title": title})


# What happened


@register.simple_block_tag
def timeline(content: str, label: str) -> str:
    """Hold moments, newest first."""
    return render_to_string("ui/components/timeline.html", {"content": content, "label": label})


@register.simple_block_tag
def moment(content: str, icon: str, what: str, when: str, at: str = "", *, undone: bool = False) -> str:
    """Tell one thing that happened: what, when in words, `at` as an ISO time; its own words as content."""
    return render_to_string(
        "ui/components/moment.html",
        {
            "content": SafeString(content.strip()),
            "icon": icon,
            "what": what,
            "when": when,
            "at": at,
            "undone": undone,
        },
    )


@register.simple_block_tag
def progress(
    content: str,
    id: str,  # noqa: A002 - the attribute's name
    label: str,
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


# The contract


@register.simple_block_tag
def contract(content: str, title: str, about: str = "") -> str:
    """Set a text as a contract."""
    return render_to_string(
        "ui/components/contract.html", {"content": content, "title": title, "about": about}
    )


@register.simple_block_tag
def clause(content: str, number: int, title: str) -> str:
    """Set one numbered clause of a contract."""
    return render_to_string(
        "ui/components/clause.html", {"content": content, "number": number, "title": title}
    )


@register.simple_tag
def term(now: str, was: str = "") -> SafeString:
    """Show a figure or choice of the contract; with `was`, what stood there before, struck out."""
    if was:
        return format_html(
            '<span class="changed"><del class="was">{}</del><ins class="now">{}</ins></span>', was, now
        )
    return format_html('<span class="term">{}</span>', now)


@register.simple_tag
def added(words: str) -> SafeString:
    """Mark a whole sentence as new in this version."""
    return format_html('<ins class="whole">{}</ins>', words)


@register.simple_tag
def removed(words: str) -> SafeString:
    """Mark a whole sentence as gone in this version."""
    return format_html('<del class="whole">{}</del>', words)


@register.inclusion_tag("ui/components/signature.html")
def signature(side: str, name: str = "", when: str = "", waits_for: str = "") -> dict[str, str]:
    """Show a signature line: the name once signed, else whom it waits for."""
    return {"side": side, "name": name, "when": when, "waits_for": waits_for}


# The style page


@register.simple_tag(takes_context=True)
def specimen(context: template.Context, name: str) -> str:
    """Render a template of the style page in the page's own context."""
    return get_template(name).template.render(context)  # type: ignore[attr-defined]  # Django's own backend has it


@register.simple_tag
def source(name: str) -> str:
    """Return a template's source, so that the example is the documentation."""
    origin = get_template(name).template.origin  # type: ignore[attr-defined]
    return Path(origin.name).read_text(encoding="utf-8").strip()
