"""Where each address leads."""

from django.urls import URLPattern, URLResolver, include, path

from orchard import flow
from orchard.web import health, metrics

handler500 = "orchard.web.watching.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", metrics.scrape, name="metrics"),
    path("manage/health/", include("orchard.web.manage.health_urls"), {"consumers": flow.CONSUMERS}),
    path("api/v1/", include("orchard.api.v1.urls")),
    path("", include("orchard.web.urls")),
]
