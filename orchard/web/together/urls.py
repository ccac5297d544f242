"""Where the agreement lies."""

from django.urls import path

from orchard.web.together import drafting, pages, signing

app_name = "agreement"
urlpatterns = [
    path("", pages.show, name="show"),
    path("history", pages.history, name="history"),
    path("versions/<int:number>", pages.version, name="version"),
    path("versions/<int:number>/changes", pages.changes, name="diff"),
    path("versions/<int:number>/ripe", pages.ripe, name="ripe"),
    path("versions/<int:number>/text", pages.signed_text, name="signed_text"),
    path("versions/<int:number>/sign", signing.sign, name="sign"),
    path("versions/<int:number>/withdraw", signing.withdraw, name="withdraw"),
    path("draft", drafting.edit, name="edit"),
    path("draft/text", drafting.text, name="text"),
    path("draft/reading", drafting.reading, name="reading"),
    path("draft/would", drafting.would, name="would"),
    path("draft/propose", signing.propose, name="propose"),
    path("draft/discard", signing.discard, name="discard"),
    path("schema.json", pages.schema, name="schema"),
]
