"""Where campaigns are found, shown and changed."""

from django.urls import path

from orchard.web.marketing.campaigns import changing, costs, pages

app_name = "campaigns"
urlpatterns = [
    path("", pages.listing, name="list"),
    path("figures", pages.figures, name="figures"),
    path("new", changing.new, name="new"),
    path("<int:campaign_id>", pages.show, name="show"),
    path("<int:campaign_id>/brought", pages.brought, name="brought"),
    path("<int:campaign_id>/edit", changing.edit, name="edit"),
    path("<int:campaign_id>/move", changing.move, name="move"),
    path("<int:campaign_id>/stand", changing.stand, name="stand"),
    path("<int:campaign_id>/costs", costs.add, name="add_cost"),
    path("costs/<int:cost_id>/remove", costs.remove, name="remove_cost"),
]
