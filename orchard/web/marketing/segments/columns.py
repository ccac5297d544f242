"""The columns of the members of a segment."""

from django.utils.translation import gettext_lazy

from orchard.web.lists.listing import DOWN, Column, Listing

MEMBERS = Listing(
    name="segment-members",
    title=gettext_lazy("Members"),
    address="segments:show",
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            lambda member: member.contact.full_name,
            cell="segments/cells/name.html",
            is_name=True,
        ),
        Column("title", gettext_lazy("Job title"), lambda member: member.contact.title, shown=False),
        Column("account", gettext_lazy("Company"), lambda member: member.contact.account_name, shown=False),
        Column("email", gettext_lazy("E-mail"), lambda member: member.contact.email),
        Column("phone", gettext_lazy("Phone"), lambda member: member.contact.phone, shown=False),
        Column("country", gettext_lazy("Country"), lambda member: member.contact.country, shown=False),
        Column("since", gettext_lazy("In it since"), lambda member: member.since),
        Column(
            "added",
            gettext_lazy("Known since"),
            lambda member: member.contact.created_at,
            sort=DOWN,
            shown=False,
        ),
    ),
    order="added",
    keeps_views=False,
)
