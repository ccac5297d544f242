"""Where members find what they were told."""

from django.urls import path

from orchard.web.account import notices

app_name = "notices"
urlpatterns = [
    path("", notices.listing, name="list"),
    path("bell", notices.bell, name="bell"),
    path("seen", notices.see_all, name="see_all"),
    path("<int:notice_id>/open", notices.open_, name="open"),
]
