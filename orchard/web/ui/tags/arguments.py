"""What tags are given: words out of a short list, and attributes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.forms.utils import flatatt
from django.template import TemplateSyntaxError
from django.utils.safestring import SafeString


def one_of(value: str, allowed: Sequence[str], what: str) -> str:
    """Return `value` if it is allowed; a page with a slip of the pen says so when it is first rendered."""
    if value not in allowed:
        raise TemplateSyntaxError(f"{value!r} is no {what}; use one of {', '.join(allowed)}.")
    return value


def attributes_of(given: Mapping[str, Any]) -> SafeString:
    """Write keyword arguments as HTML attributes, escaped.

    `hx_post=url` becomes `hx-post="..."`; True stands bare, False and None fall away. Text that a template holds counts
    as safe for Django, quotes included; in an attribute they would end it.
    """
    return flatatt({name.rstrip("_").replace("_", "-"): _quoted(value) for name, value in given.items()})


def _quoted(value: object) -> object:
    return SafeString(value.replace('"', "&quot;")) if isinstance(value, SafeString) else value
