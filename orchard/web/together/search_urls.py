"""Where one searches."""

from django.urls import path

from orchard.web.together import search

app_name = "search"
urlpatterns = [
    path("", search.find, name="find"),
]
