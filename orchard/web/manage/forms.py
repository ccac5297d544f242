"""The fields by which members and teams are managed."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orchard.team import queries
from orchard.team.models import Member
from orchard.team.types import (
    MOST_LEADS,
    MOST_TURNS,
    NAME_LENGTH,
    TEAM_LENGTH,
    Place,
    Role,
    Scope,
    Side,
    Takes,
)


def _roles() -> list[tuple[str, str]]:
    return [(role.value, role.label) for role in Role]


def _teams(nothing: str | Promise) -> list[tuple[str, str | Promise]]:
    return [("", nothing), *((str(team.id), team.name) for team in queries.teams())]


_SCOPES = [
    (Scope.OWN.value, _("the own")),
    (Scope.TEAM.value, _("the team's")),
    (Scope.ALL.value, _("everybody's")),
]


class _PlaceFields(forms.Form):
    """Role, sides to sign for, team, and whose leads somebody sees."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=_roles,
        widget=forms.RadioSelect,
        initial=Role.SALES.value,
        help_text=_(
            "Sales and Marketing work with contacts and leads. Managers also release and reassign. "
            "Admins also manage members."
        ),
    )
    signs_for = forms.MultipleChoiceField(
        label=_("May sign the agreement for"),
        choices=[(Side.SALES.value, _("Sales")), (Side.MARKETING.value, _("Marketing"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    team = forms.ChoiceField(label=_("Team"), required=False)
    scope = forms.ChoiceField(
        label=_("Sees the leads and sales of"),
        choices=_SCOPES,
        widget=forms.RadioSelect,
        required=False,
        help_text=_(
            "People with whom others are at work stay hidden then. Whoever is in no team shares with "
            "everybody who is in none. Admins see everything."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the teams there are."""
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = _teams(_("none"))

    def place(self) -> Place:
        """Return what was chosen."""
        chosen = self.cleaned_data
        return Place(
            Role(chosen["role"]),
            frozenset(Side(side) for side in chosen["signs_for"]),
            int(chosen["team"]) if chosen["team"] else None,
            Scope(chosen["scope"]) if chosen["scope"] else None,
        )


class Invite(_PlaceFields):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, required=False)
    field_order = ("email", "name", "role", "signs_for", "team", "scope")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what is usual for a role first."""
        super().__init__(*args, **kwargs)
        field = self.fields["scope"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("what the role usually sees: Sales the own, others everybody's")), *_SCOPES]


class Change(_PlaceFields):
    """What a member is."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("It is also the login."))
    territory = forms.ChoiceField(
        label=_("Territory"),
        required=False,
        help_text=_(
            "Its hours and holidays hold for the member. Without one: office hours in the own time zone."
        ),
    )
    capacity = forms.IntegerField(
        label=_("Open leads at once"),
        min_value=0,
        max_value=MOST_LEADS,
        help_text=_("Leads are offered up to this many, offered and accepted ones together. 0: none."),
    )
    weight = forms.IntegerField(
        label=_("Leads for each one of a colleague"),
        min_value=1,
        max_value=MOST_TURNS,
        help_text=_("1 for all: everybody in a team gets the same number by turn."),
    )
    field_order = ("name", "email", "role", "signs_for", "team", "scope", "territory", "capacity", "weight")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the territories there are."""
        super().__init__(*args, **kwargs)
        field = self.fields["territory"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("none")), *((str(each.id), each.name) for each in queries.territories())]

    def territory_id(self) -> int | None:
        """Return the territory that was chosen."""
        chosen = self.cleaned_data["territory"]
        return int(chosen) if chosen else None

    def takes(self) -> Takes:
        """Return how many leads the member is to have."""
        return Takes(self.cleaned_data["capacity"], self.cleaned_data["weight"])

    @staticmethod
    def initial_of(member: Member) -> dict[str, object]:
        """Return what stands in the fields at first."""
        return {
            "capacity": member.capacity,
            "weight": member.weight,
            "name": member.name,
            "email": member.email,
            "role": member.role,
            "signs_for": [side.value for side in member.place.signs_for],
            "team": str(member.team_id or ""),
            "scope": member.scope,
            "territory": str(member.territory_id or ""),
        }


class Narrow(forms.Form):
    """Which members the list shows; anything that makes no sense counts as not asked."""

    words = forms.CharField(
        label=_("Name or e-mail"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    role = forms.ChoiceField(label=_("Role"), required=False, choices=lambda: [("", _("all")), *_roles()])
    team = forms.ChoiceField(label=_("Team"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), ("on", _("active")), ("off", _("switched off"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the teams there are."""
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = _teams(_("all"))

    def chosen(self) -> queries.Filter:
        """Return the filter."""
        self.is_valid()
        given = self.cleaned_data
        return queries.Filter(
            words=given.get("words", ""),
            role=given.get("role", ""),
            team_id=int(given["team"]) if given.get("team") else None,
            active={"on": True, "off": False}.get(given.get("state", "")),
        )


class Team(forms.Form):
    """What a team is called."""

    name = forms.CharField(label=_("Name"), max_length=TEAM_LENGTH)
