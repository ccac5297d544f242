"""Where reports are read."""

from django.urls import path

from orchard.web.together.reports import pages

app_name = "reports"
urlpatterns = [
    path("<slug:report_name>", pages.show, name="show"),
    path("<slug:report_name>/figures", pages.figures, name="figures"),
    path("<slug:report_name>/rows", pages.rows, name="rows"),
    path("<slug:report_name>/file.<slug:ending>", pages.file, name="file"),
]
