"""Where accounts are found, shown and changed."""

from django.urls import path

from orchard.web.marketing.accounts import changing, lists, pages, people, places

app_name = "accounts"
urlpatterns = [
    path("", lists.listing, name="list"),
    path("new", changing.new, name="new"),
    path("<int:account_id>", pages.show, name="show"),
    path("<int:account_id>/edit", changing.edit, name="edit"),
    path("<int:account_id>/remove", changing.remove, name="remove"),
    path("<int:account_id>/people", people.find, name="people"),
    path("<int:account_id>/people/<int:contact_id>", people.move, name="move"),
    path("<int:account_id>/people/<int:contact_id>/roles/<slug:part>", people.role, name="role"),
    path("<int:account_id>/people/<int:contact_id>/leave", people.leave, name="leave"),
    path("<int:account_id>/sites", places.add_site, name="add_site"),
    path("<int:account_id>/ids", places.add_id, name="add_id"),
    path("sites/<int:site_id>/remove", places.remove_site, name="remove_site"),
    path("ids/<int:account_external_id>/remove", places.remove_id, name="remove_id"),
]
