"""The columns of the list of imports."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy

from orchard.web.lists.listing import DOWN, UP, Column, Listing
from orchard.web.marketing.imports.words import Standing


def _count(name: str) -> Callable[[Standing], int | None]:
    """Return a count of an import; one that was never started has none."""
    return lambda one: None if one.is_draft else int(getattr(one.of, name))


IMPORTS = Listing(
    name="imports",
    title=gettext_lazy("Imports"),
    address="imports:list",
    columns=(
        Column(
            "name",
            gettext_lazy("File"),
            lambda one: one.of.file_name,
            cell="imports/cells/name.html",
            sort=UP,
            is_name=True,
        ),
        Column("state", gettext_lazy("State"), lambda one: str(one.words), cell="imports/cells/state.html"),
        Column(
            "member",
            gettext_lazy("Brought by"),
            lambda one: one.of.member.name if one.of.member else "",
            shown=False,
        ),
        Column("rows", gettext_lazy("Rows"), _count("rows"), sort=DOWN, num=True),
        Column("created", gettext_lazy("Created"), _count("created"), num=True),
        Column("updated", gettext_lazy("Updated"), _count("updated"), num=True),
        Column("unchanged", gettext_lazy("Unchanged"), _count("unchanged"), shown=False, num=True),
        Column("rejected", gettext_lazy("Rejected"), _count("rejected"), sort=DOWN, num=True),
        Column("facts", gettext_lazy("New facts"), _count("interactions"), num=True),
        Column("begun", gettext_lazy("Begun"), lambda one: one.of.created_at, sort=DOWN, shown=False),
    ),
    order="-begun",
)
