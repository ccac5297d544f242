"""Where files are added, opened, saved and removed."""

from django.urls import path

from orchard.web.together import files

app_name = "files"
urlpatterns = [
    path("contacts/<int:contact_id>", files.about_contact, name="about_contact"),
    path("accounts/<int:account_id>", files.about_account, name="about_account"),
    path("<int:file_id>", files.save, name="save"),
    path("<int:file_id>/open", files.show, name="open"),
    path("<int:file_id>/remove", files.remove, name="remove"),
    path("<int:file_id>/restore", files.restore, name="restore"),
]
