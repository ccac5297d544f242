"""Where members find what they have in hands."""

from django.urls import path

from orchard.web.sales import desks, leads

app_name = "leads"
urlpatterns = [
    path("", leads.listing, name="list"),
    path("returned/", leads.returned, name="returned"),
    path("desks/", desks.listing, name="desks"),
    path("desks/<int:member_id>/", desks.hand_over, name="hand_over"),
    path("<int:lead_id>/", leads.show, name="show"),
    path("<int:lead_id>/accept/", leads.accept, name="accept"),
    path("<int:lead_id>/take-back/", leads.take_back, name="take_back"),
    path("<int:lead_id>/pick/", leads.pick, name="pick"),
    path("<int:lead_id>/return/", leads.give_back, name="give_back"),
    path("<int:lead_id>/take-return-back/", leads.take_return_back, name="take_return_back"),
    path("<int:lead_id>/reassign/", leads.reassign, name="reassign"),
    path("<int:lead_id>/reinstate/", leads.reinstate, name="reinstate"),
]
