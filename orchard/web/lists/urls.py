"""The addresses of saved views."""

from django.urls import path

from orchard.web.lists import kept

app_name = "views"
urlpatterns = [
    path("of/<slug:list_name>/keep", kept.keep, name="keep"),
    path("<int:view_id>/", kept.change, name="change"),
    path("<int:view_id>/overwrite", kept.overwrite, name="overwrite"),
    path("<int:view_id>/remove", kept.remove, name="remove"),
    path("<int:view_id>/start", kept.start, name="start"),
]
