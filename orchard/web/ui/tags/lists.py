"""How a cell of a list shows a value that no template of its own draws."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _

from orchard.kit.languages import dated, figure
from orchard.web.ui.tags.figures import when

register = template.Library()


@register.simple_tag
def cell(column: Any, row: Any) -> str:
    """Show the value of a row in a column."""
    value = column.value(row)
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return figure(value)
    return dated(value, "j M Y") if hasattr(value, "isoformat") else str(value)
