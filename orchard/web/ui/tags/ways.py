"""Ways through: pages of a list, crumbs, tabs, steps, filters, dialogs."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.http import QueryDict
from django.template.loader import render_to_string

from orchard.kit.paging import Page
from orchard.web.ui.tags.arguments import attributes_of

register = template.Library()


@register.inclusion_tag("ui/components/pager.html", takes_context=True)
def pager(
    context: template.Context, page: Page[Any], words: str = "", name: str = "cursor"
) -> dict[str, str]:
    """Lead to the next and the previous page of a list, keeping its filters; `name` is the cursor's parameter."""
    return {
        "next": _with(context, **{name: page.next}) if page.next else "",
        "previous": _with(context, **{name: page.previous}) if page.previous else "",
        "words": words,
    }


@register.inclusion_tag("ui/components/column.html", takes_context=True)
def column(context: template.Context, words: str, sort: str, *, num: bool = False) -> dict[str, Any]:
    """Head a column that sorts: `?sort=name`, again for `?sort=-name`; filters stay, the page begins anew."""
    now = context["request"].GET.get("sort", "") if "request" in context else ""
    return {
        "words": words,
        "num": num,
        "order": {sort: "ascending", f"-{sort}": "descending"}.get(now, ""),
        "href": _with(context, sort=f"-{sort}" if now == sort else sort, cursor=""),
    }


def _with(context: template.Context, **changes: str) -> str:
    """Return the query of this page with some parameters changed, the empty ones left out."""
    query = context["request"].GET.copy() if "request" in context else QueryDict(mutable=True)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


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
