"""What one presses: a link or a button, and a button that posts by itself."""

from typing import Any

from django import template

from orchard.web.ui.tags.arguments import attributes_of, one_of

register = template.Library()

KINDS = ("accent", "plain", "quiet", "danger")


@register.inclusion_tag("ui/components/button.html")
def button(
    words: str,
    kind: str = "plain",
    icon: str = "",
    href: str = "",
    *,
    small: bool = False,
    bare: bool = False,
    into: str = "",
    **attributes: Any,
) -> dict[str, Any]:
    """Offer an act: a link with `href`, else a submit button; kinds are accent (one a view), plain, quiet, danger.

    `bare` shows the icon alone and keeps the words for screen readers. `into` is the part of the page, as `#beside`, in
    which what the link leads to opens where scripts run. Other arguments become attributes.
    """
    if into:
        attributes |= {"hx_get": href, "hx_target": into, "hx_swap": "innerHTML"}
    if not href:
        attributes.setdefault("type", "submit")
    return {
        "words": words,
        "icon": icon,
        "href": href,
        "bare": bare,
        "small": small,
        "kind": one_of(kind, KINDS, "kind of button"),
        "keys": attributes.get("data_keys"),
        "attributes": attributes_of(attributes),
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
    bare: bool = False,
    keys: str = "",
    **values: Any,
) -> dict[str, Any]:
    """Offer an act that changes something: a form of one button that posts to `post`.

    `bare` shows the icon alone and keeps the words for screen readers. `keys` press it, in the row that has the focus
    or on the page. Other arguments become hidden fields.
    """
    return {
        "keys": keys or None,
        "csrf_token": context.get("csrf_token"),
        "words": words,
        "post": post,
        "kind": kind,
        "icon": icon,
        "small": small,
        "bare": bare,
        "values": values,
    }
