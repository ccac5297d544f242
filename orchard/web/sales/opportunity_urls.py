"""Where opportunities are found."""

from django.urls import path

from orchard.web.sales import opportunities

app_name = "opportunities"
urlpatterns = [
    path("", opportunities.listing, name="list"),
    path("new/<int:contact_id>/", opportunities.new, name="new"),
    path("of-lead/<int:lead_id>/", opportunities.convert, name="convert"),
    path("<int:opportunity_id>/", opportunities.show, name="show"),
    path("<int:opportunity_id>/edit/", opportunities.edit, name="edit"),
    path("<int:opportunity_id>/win/", opportunities.win, name="win"),
    path("<int:opportunity_id>/lose/", opportunities.lose, name="lose"),
    path("<int:opportunity_id>/take-back/", opportunities.take_back, name="take_back"),
]
