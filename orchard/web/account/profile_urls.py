"""Where members find their own things."""

from django.urls import path

from orchard.web.account import notices, profile

app_name = "profile"
urlpatterns = [
    path("", profile.show, name="show"),
    path("password", profile.password, name="password"),
    path("notices", notices.mailing, name="notices"),
    path("sessions/end", profile.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("sessions/<int:session_id>/end", profile.end_session, name="end_session"),
]
