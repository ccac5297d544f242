"""Ways through: pages of a list, crumbs, tabs, steps, filters, dialogs."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string

from orchard.web.ui.tags.arguments import attributes_of

register = template.Library()


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
        {"content": content, "label": label, "action": action, "attributes": attributes_of(attributes)},
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> str:  # noqa: A002 - the attribute's name
    """Hold what a button with `data_opens=id` opens."""
    return render_to_string("ui/components/dialog.html", {"content": content, "id": id, "title": title})
