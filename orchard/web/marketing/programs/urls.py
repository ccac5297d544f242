"""Where programs are found, written, let live and stopped."""

from django.urls import path

from orchard.web.marketing.programs import changing, pages, people

app_name = "programs"
urlpatterns = [
    path("", pages.listing, name="list"),
    path("new", changing.new, name="new"),
    path("<int:program_id>", pages.show, name="show"),
    path("<int:program_id>/results", pages.results, name="results"),
    path("<int:program_id>/edit", changing.edit, name="edit"),
    path("<int:program_id>/discard", changing.discard, name="discard"),
    path("<int:program_id>/live", changing.go_live, name="go_live"),
    path("<int:program_id>/retire", changing.retire, name="retire"),
    path("<int:program_id>/pause", people.pause, name="pause"),
    path("<int:program_id>/resume", people.resume, name="resume"),
    path("<int:program_id>/let-in", people.let_in, name="let_in"),
    path("<int:program_id>/let-in-passed", people.let_in_passed, name="let_in_passed"),
    path("enter/<int:contact_id>", people.enter, name="enter"),
    path("enrolments/<int:enrolment_id>/out", people.take_out, name="take_out"),
]
