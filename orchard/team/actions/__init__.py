"""What can be done to the team; one module per noun."""

from orchard.team.actions.absences import add_absence, remove_absence
from orchard.team.actions.invitations import (
    accept_invitation,
    invite,
    renew_invitation,
    withdraw_invitation,
)
from orchard.team.actions.members import add_member, change_member, switch_off, switch_on
from orchard.team.actions.own import (
    change_password,
    change_profile,
    check_new_password,
    reset_password,
)
from orchard.team.actions.sessions import end_session, sign_out_everywhere
from orchard.team.actions.teams import add_team, remove_team, rename_team
from orchard.team.actions.territories import add_territory, change_territory, remove_territory
from orchard.team.actions.views import change_view, keep_view, overwrite_view, remove_view, start_with

__all__ = [
    "accept_invitation",
    "add_absence",
    "add_member",
    "add_team",
    "add_territory",
    "change_member",
    "change_password",
    "change_profile",
    "change_territory",
    "change_view",
    "check_new_password",
    "end_session",
    "invite",
    "keep_view",
    "overwrite_view",
    "remove_absence",
    "remove_team",
    "remove_territory",
    "remove_view",
    "rename_team",
    "renew_invitation",
    "reset_password",
    "sign_out_everywhere",
    "start_with",
    "switch_off",
    "switch_on",
    "withdraw_invitation",
]
