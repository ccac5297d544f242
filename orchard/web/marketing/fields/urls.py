"""Where the company's own fields are listed, declared and put away."""

from django.urls import path

from orchard.web.marketing.fields import pages

app_name = "fields"
urlpatterns = [
    path("", pages.listing, name="list"),
    path("new", pages.new, name="new"),
    path("<int:field_id>", pages.change, name="change"),
    path("<int:field_id>/archive", pages.archive, name="archive"),
    path("<int:field_id>/restore", pages.restore, name="restore"),
]
