"""Where notes are written and changed."""

from django.urls import path

from orchard.web.together import notes

app_name = "notes"
urlpatterns = [
    path("members", notes.members, name="members"),
    path("contacts/<int:contact_id>", notes.about_contact, name="about_contact"),
    path("accounts/<int:account_id>", notes.about_account, name="about_account"),
    path("<int:note_id>", notes.show, name="show"),
    path("<int:note_id>/edit", notes.edit, name="edit"),
    path("<int:note_id>/remove", notes.remove, name="remove"),
    path("<int:note_id>/restore", notes.restore, name="restore"),
]
