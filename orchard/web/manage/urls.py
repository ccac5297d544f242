"""Where the members and teams are managed; health stands in `orchard.urls`, which knows the consumers."""

from django.urls import URLPattern, URLResolver, include, path

from orchard.web.manage import members, teams

members_urls: list[URLPattern | URLResolver] = [
    path("", members.listing, name="list"),
    path("invite", members.invite, name="invite"),
    path("<int:member_id>", members.change, name="change"),
    path("<int:member_id>/off", members.switch_off, name="switch_off"),
    path("<int:member_id>/on", members.switch_on, name="switch_on"),
    path("<int:member_id>/sign-out", members.sign_out, name="sign_out"),
    path("invitations/<int:invitation_id>/withdraw", members.withdraw_invitation, name="withdraw_invitation"),
    path("invitations/<int:invitation_id>/renew", members.renew_invitation, name="renew_invitation"),
]
teams_urls: list[URLPattern | URLResolver] = [
    path("", teams.listing, name="list"),
    path("add", teams.add, name="add"),
    path("<int:team_id>", teams.change, name="change"),
    path("<int:team_id>/remove", teams.remove, name="remove"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("members/teams/", include((teams_urls, "teams"))),
    path("members/", include((members_urls, "members"))),
]
