"""The pages, desk by desk."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("ui/", include("orchard.web.ui.urls")),
]
