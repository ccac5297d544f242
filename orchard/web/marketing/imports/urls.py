"""Where files come in."""

from django.urls import URLPattern, URLResolver, path

from orchard.web.marketing.imports import mapping, pages

app_name = "imports"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.listing, name="list"),
    path("new", pages.new, name="new"),
    path("<int:import_id>", pages.show, name="show"),
    path("<int:import_id>/map", mapping.edit, name="map"),
    path("<int:import_id>/preview", mapping.preview, name="preview"),
    path("<int:import_id>/rejects.csv", pages.rejects, name="rejects"),
    path("<int:import_id>/cancel", pages.cancel, name="cancel"),
    path("<int:import_id>/undo", pages.undo, name="undo"),
    path("<int:import_id>/discard", pages.discard, name="discard"),
]
