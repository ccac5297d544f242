"""A signed text: clauses, figures, what changed since the version before, signature lines."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from orchard.web.ui.tags.arguments import filled

register = template.Library()

_A_FIGURE = 24
"""So many characters at most stand on one line, whatever room there is."""


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
    """Show a figure or choice of the contract; with `was`, what stood there before, struck out.

    A figure stays on one line; a list of values breaks where the line ends, so that all of it can be read.
    """
    if was:
        return filled(
            '<span class="changed"><del class="was">{}</del><ins class="now">{}</ins></span>', was, now
        )
    return filled('<span class="term{}">{}</span>', " term-long" if len(now) > _A_FIGURE else "", now)


@register.simple_tag
def added(words: str) -> SafeString:
    """Mark a whole sentence as new in this version."""
    return filled('<ins class="whole">{}</ins>', words)


@register.simple_tag
def removed(words: str) -> SafeString:
    """Mark a whole sentence as gone in this version."""
    return filled('<del class="whole">{}</del>', words)


@register.inclusion_tag("ui/components/signature.html")
def signature(side: str, name: str = "", when: str = "", waits_for: str = "") -> dict[str, str]:
    """Show a signature line: the name once signed, else whom it waits for."""
    return {"side": side, "name": name, "when": when, "waits_for": waits_for}
