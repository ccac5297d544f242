"""Where a member finds the day."""

from django.urls import path

from orchard.web.sales import aside, done, today

app_name = "today"
urlpatterns = [
    path("", today.show, name="show"),
    path("done/", done.show, name="done"),
    path("aside/<int:contact_id>/", aside.put, name="put_aside"),
    path("back/<int:aside_id>/", aside.bring_back, name="bring_back"),
]
