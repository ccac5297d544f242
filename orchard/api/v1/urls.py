"""Where the addresses of the first version lead: one desk per resource, and the description of all of them."""

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI

from orchard.api import openapi, problems, reading
from orchard.api.v1 import contacts, facts, leads, me, segments

DESKS = (me.desk, contacts.desk, facts.desk, leads.desk, segments.desk)
"""A new resource adds its desk here, its addresses to the table of permissions, its scopes to `types.OFFERED`."""

API = NinjaAPI(
    title="Orchard",
    version="1",
    description=(
        "What other systems may read and do in Orchard. Every call carries a token that acts for a member, every POST "
        "an `Idempotency-Key`; what is refused is told as problem details (RFC 9457)."
    ),
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    parser=reading.Reader(),
)
problems.handle(API)
for desk in DESKS:
    API.add_router("", desk)


def described(_request: HttpRequest) -> JsonResponse:
    """Answer the description of the door in OpenAPI 3.1."""
    return JsonResponse(openapi.document(API), headers={"Cache-Control": "max-age=300"})


# Ninja adds an address of its own at the root, which answers nothing but that it is not there.
_offered: list[URLPattern | URLResolver] = [
    each for each in API.urls[0] if getattr(each, "name", "") != "api-root"
]
urlpatterns: list[URLPattern | URLResolver] = [path("openapi.json", described, name="openapi"), *_offered]
app_name = "api"
