"""Where an invitation leads."""

from django.urls import path

from orchard.web.account import views

app_name = "invitation"
urlpatterns = [path("<str:token>", views.accept, name="accept")]
