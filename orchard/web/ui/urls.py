"""Where the face's own pages lie."""

from django.urls import path

from orchard.web.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.style, name="style"),
    path("work", views.work, name="work"),
    path("story", views.story, name="story"),
    path("theme", views.theme_chosen, name="theme"),
]
