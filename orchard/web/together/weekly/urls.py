"""Where the weekly meeting is prepared, held and looked up."""

from django.urls import path

from orchard.web.together.weekly import pages, writing

app_name = "weekly"
urlpatterns = [
    path("", pages.show, name="show"),
    path("history", pages.history, name="history"),
    path("notes/<int:meeting_note_id>", writing.change_note, name="note"),
    path("notes/<int:meeting_note_id>/remove", writing.remove_note, name="remove_note"),
    path("decisions/<int:decision_id>", writing.change_decision, name="decision"),
    path("decisions/<int:decision_id>/done", writing.done, name="done"),
    path("decisions/<int:decision_id>/open", writing.reopen, name="reopen"),
    path("decisions/<int:decision_id>/remove", writing.remove_decision, name="remove_decision"),
    path("<slug:week>", pages.week, name="week"),
    path("<slug:week>/figures", pages.figures, name="figures"),
    path("<slug:week>/notes", writing.add_note, name="add_note"),
    path("<slug:week>/decisions", writing.add_decision, name="add_decision"),
]
