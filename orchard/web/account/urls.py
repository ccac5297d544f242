"""Where one comes in and goes out; the names `account_…` are those that allauth asks for."""

from allauth.account import views as allauth
from django.urls import path, re_path

from orchard.web.account import views

urlpatterns = [
    path("", views.home, name="home"),
    path("login", allauth.login, name="account_login"),
    path("logout", allauth.logout, name="account_logout"),
    path("login/off", allauth.account_inactive, name="account_inactive"),
    path("password", allauth.password_reset, name="account_reset_password"),
    path("password/sent", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/done", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
