"""How the rows of a list are drawn: each cell by a template of its own, or by the value alone."""

from datetime import datetime
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from orchard.kit.languages import dated, figure
from orchard.web.ui.tags.arguments import escaped, filled
from orchard.web.ui.tags.figures import when

register = template.Library()


@register.simple_tag(takes_context=True)
def rows(context: template.Context, listed: Any) -> SafeString:
    """Draw the rows of a page of a list, each as `<tr>`; what is drawn for nobody to see leaves its cell empty.

    A template per cell finds the `row`, and all that the page has. Hundreds are drawn: by hand, as for a
    template the way from cell to cell costs more than the cells.
    """
    columns = [
        (
            column,
            template_named(column.cell),
            filled(
                '<td class="{}"{}>',
                column.looks,
                filled(' data-label="{}"', column.title) if column.labelled else "",
            ),
        )
        for column in listed.wanted.columns
    ]
    acts = template_named(listed.listing.acts)
    drawn = []
    for row in listed.page.rows:
        with context.push(row=row):
            drawn.append("<tr>")
            for column, shape, begin in columns:
                content = shape.render(context).strip() if shape else escaped(cell(column, row))
                drawn.append(f"{begin}<div>{content}</div></td>" if content else f"{begin}</td>")
            if acts:
                drawn.append(f'<td class="row-acts">{acts.render(context).strip()}</td>')
            drawn.append("</tr>")
    return SafeString("".join(drawn))


def template_named(name: str) -> template.Template | None:
    """Return a template as tags render it, in a context that is there; None for no name."""
    return get_template(name).template if name else None  # type: ignore[attr-defined]  # Django's own backend has it


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
