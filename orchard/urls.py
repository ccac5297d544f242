"""Where each address leads."""

from django.urls import URLPattern, URLResolver, include, path

from orchard.web import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("", include("orchard.web.urls")),
]
