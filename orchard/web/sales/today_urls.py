"""Where a member finds the day."""

from django.urls import path

from orchard.web.sales import today

app_name = "today"
urlpatterns = [path("", today.show, name="show")]
