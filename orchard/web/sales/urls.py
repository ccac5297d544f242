"""Where Sales finds who waits."""

from django.urls import path

from orchard.web.sales import basket

app_name = "basket"
urlpatterns = [
    path("", basket.listing, name="list"),
    path("release/", basket.release, name="release"),
]
