"""Where people and their hours are managed; health stands in `orchard.urls`, which knows the consumers."""

from django.urls import URLPattern, URLResolver, include, path

from orchard.web.manage import audit, hours, members, routing, teams, territories, tokens

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
territories_urls: list[URLPattern | URLResolver] = [
    path("", territories.listing, name="list"),
    path("add", territories.add, name="add"),
    path("<int:territory_id>", territories.change, name="change"),
    path("<int:territory_id>/remove", territories.remove, name="remove"),
]
tokens_urls: list[URLPattern | URLResolver] = [
    path("", tokens.listing, name="list"),
    path("add", tokens.add, name="add"),
    path("<int:token_id>/withdraw", tokens.withdraw, name="withdraw"),
]
audit_urls: list[URLPattern | URLResolver] = [path("", audit.listing, name="list")]
routing_urls: list[URLPattern | URLResolver] = [path("", routing.show, name="show")]
hours_urls: list[URLPattern | URLResolver] = [
    path("", hours.listing, name="list"),
    path("<int:member_id>", hours.away, name="away"),
    path("absences/<int:absence_id>/remove", hours.back, name="back"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("hours/", include((hours_urls, "hours"))),
    path("members/territories/", include((territories_urls, "territories"))),
    path("members/teams/", include((teams_urls, "teams"))),
    path("audit/", include((audit_urls, "audit"))),
    path("routing/", include((routing_urls, "routing"))),
    path("tokens/", include((tokens_urls, "tokens"))),
    path("members/", include((members_urls, "members"))),
]
