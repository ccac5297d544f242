"""Where segments are found, written, taken along as a file and put away."""

from django.urls import path

from orchard.web.marketing.segments import changing, pages

app_name = "segments"
urlpatterns = [
    path("", pages.listing, name="list"),
    path("new", changing.new, name="new"),
    path("preview", changing.preview, name="preview"),
    path("<int:segment_id>", pages.show, name="show"),
    path("<int:segment_id>/standing", pages.standing, name="standing"),
    path("<int:segment_id>/edit", changing.edit, name="edit"),
    path("<int:segment_id>/archive", changing.archive, name="archive"),
    path("<int:segment_id>/restore", changing.restore, name="restore"),
]
