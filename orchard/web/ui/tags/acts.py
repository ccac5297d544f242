"""What one presses: a link or a button, and a button that posts by itself."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from orchard.web.ui.tags.arguments import attributes_of, filled, one_of
from orchard.web.ui.tags.marks import icon as drawn

register = template.Library()

KINDS = ("accent", "plain", "quiet", "danger")


@register.simple_tag
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
) -> SafeString:
    """Offer an act: a link with `href`, else a submit button; kinds are accent (one a view), plain, quiet, danger.

    `bare` shows the icon alone and keeps the words for screen readers. `into` is the part of the page, as `#beside`, in
    which what the link leads to opens where scripts run. Other arguments become attributes.
    """
    if into:
        attributes |= {"hx_get": href, "hx_target": into, "hx_swap": "innerHTML"}
    if not href:
        attributes.setdefault("type", "submit")
    one_of(kind, KINDS, "kind of button")
    keys = attributes.get("data_keys")
    shown = filled(
        "{}{}{}",
        drawn(icon) if icon else "",
        "" if bare else words,
        filled('<kbd aria-hidden="true">{}</kbd>', keys) if keys and not bare else "",
    )
    return filled(
        '<a class="{}" href="{}"{}{}>{}</a>' if href else '<button class="{}"{}{}{}>{}</button>',
        f"btn btn-{kind}{' btn-sm' if small else ''}{' btn-icon' if bare else ''}",
        href,
        attributes_of(attributes),
        filled(' aria-label="{}"', words) if bare else "",
        shown,
    )


@register.simple_tag(takes_context=True)
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
) -> SafeString:
    """Offer an act that changes something: a form of one button that posts to `post`.

    `bare` shows the icon alone and keeps the words for screen readers. `keys` press it, in the row that has the focus
    or on the page. Other arguments become hidden fields.
    """
    given = context.get("csrf_token")  # against forgery; a page that is drawn for no request has none
    named = {"csrfmiddlewaretoken": given, **values} if given else values
    hidden = SafeString(
        "".join(filled('<input type="hidden" name="{}" value="{}">', *pair) for pair in named.items())
    )
    title = {"title": words} if bare else {}
    return filled(
        '<form method="post" action="{}">{}{}</form>',
        post,
        hidden,
        button(words, kind, icon, small=small, bare=bare, data_keys=keys or None, **title),
    )
