"""Where the orchard is looked at."""

from django.urls import path

from orchard.web.marketing.orchard import pages

app_name = "orchard"
urlpatterns = [
    path("", pages.show, name="show"),
    path("trees", pages.trees, name="trees"),
    path("table", pages.table, name="table"),
    path("soon", pages.soon, name="soon"),
    path("beside", pages.beside, name="beside"),
    path("ripening", pages.ripening, name="ripening"),
]
