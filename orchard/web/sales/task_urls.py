"""Where members find what they are to do, and log what they did."""

from django.urls import path

from orchard.web.sales import log, steps

app_name = "tasks"
urlpatterns = [
    path("", steps.listing, name="list"),
    path("of/<int:member_id>", steps.of_member, name="of"),
    path("new", steps.new, name="new"),
    path("with/<int:contact_id>", steps.plan, name="plan"),
    path("with/<int:contact_id>/log", log.log, name="log"),
    path("log/<int:log_id>/undo", log.unlog, name="unlog"),
    path("<int:task_id>", steps.change, name="change"),
    path("<int:task_id>/done", steps.done, name="done"),
    path("<int:task_id>/snooze", steps.snooze, name="snooze"),
    path("<int:task_id>/drop", steps.drop, name="drop"),
    path("<int:task_id>/undo", steps.undo, name="undo"),
    path("<int:task_id>/meeting.ics", steps.file, name="file"),
]
