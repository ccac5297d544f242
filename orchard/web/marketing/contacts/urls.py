"""Where contacts are found, shown and changed."""

from django.urls import path

from orchard.web.marketing.contacts import changing, erasing, joining, judging, lists, moving, pages, reach

app_name = "contacts"
urlpatterns = [
    path("", lists.listing, name="list"),
    path("narrow", lists.narrow, name="narrow"),
    path("new", changing.new, name="new"),
    path("doubts", joining.doubts, name="doubts"),
    path("doubts/<int:doubt_id>", joining.decide, name="decide"),
    path("doubts/<int:doubt_id>/reopen", joining.reopen, name="reopen"),
    path("<int:contact_id>", pages.show, name="show"),
    path("<int:contact_id>/edit", changing.edit, name="edit"),
    path("<int:contact_id>/facts/<int:fact_id>/not-useful", judging.not_useful, name="not_useful"),
    path("<int:contact_id>/facts/<int:fact_id>/move", moving.move, name="move"),
    path("<int:contact_id>/facts/<int:fact_id>/move/undo", moving.move_back, name="move_back"),
    path("<int:contact_id>/lines/<int:place>", judging.line, name="line"),
    path("<int:contact_id>/judged/<int:discount_id>/undo", judging.useful_again, name="useful_again"),
    path("<int:contact_id>/merge", joining.merge, name="merge"),
    path("merges/<int:merge_id>/undo", joining.unmerge, name="unmerge"),
    path("<int:contact_id>/erase", erasing.erase, name="erase"),
    path("<int:contact_id>/emails", reach.add_email, name="add_email"),
    path("<int:contact_id>/phones", reach.add_phone, name="add_phone"),
    path("<int:contact_id>/ids", reach.add_external_id, name="add_external_id"),
    path("<int:contact_id>/consents", reach.give_consent, name="give_consent"),
    path("<int:contact_id>/consents/withdraw", reach.withdraw_consent, name="withdraw_consent"),
    path("emails/<int:email_id>/remove", reach.remove_email, name="remove_email"),
    path("emails/<int:email_id>/primary", reach.make_primary, name="make_primary"),
    path("phones/<int:phone_id>/remove", reach.remove_phone, name="remove_phone"),
    path("ids/<int:external_id>/remove", reach.remove_external_id, name="remove_external_id"),
]
