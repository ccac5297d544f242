"""Where Orchard's health is shown; included with the consumers, which lie above the pages."""

from django.urls import path

from orchard.web.manage import health

app_name = "health"
urlpatterns = [
    path("", health.show, name="show"),
    path("gate", health.open_gate, name="gate"),
    path("stuck/<int:stuck_id>/retry", health.retry, name="retry"),
]
