"""The columns of who is and was in a program."""

from django.utils.translation import gettext_lazy

from orchard.web.lists.listing import DOWN, UP, Column, Listing

PEOPLE = Listing(
    name="program-people",
    title=gettext_lazy("Who is in it, and who was"),
    address="programs:show",
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            lambda person: person.name,
            cell="programs/cells/name.html",
            is_name=True,
        ),
        Column("account", gettext_lazy("Company"), lambda person: person.account, shown=False),
        Column(
            "standing",
            gettext_lazy("Where they are"),
            lambda person: person.outcome or person.step,
            cell="programs/cells/standing.html",
            is_said=True,
        ),
        Column("due", gettext_lazy("Due"), lambda person: person.due_at, sort=UP, shown=False),
        Column("version", gettext_lazy("Version"), lambda person: person.version, shown=False, num=True),
        Column("entered", gettext_lazy("Entered"), lambda person: person.entered_at, sort=DOWN),
        Column("ended", gettext_lazy("Ended"), lambda person: person.ended_at, sort=DOWN, shown=False),
    ),
    order="-entered",
    filters=("show", "step", "version"),
    acts="programs/cells/acts.html",
    keeps_views=False,
)
