"""Where reports are read."""

from django.urls import path

from orchard.web.together.reports import funnel

app_name = "reports"
urlpatterns = [
    path("funnel", funnel.show, name="funnel"),
    path("funnel/figures", funnel.figures, name="figures"),
    path("funnel/people", funnel.people, name="people"),
]
