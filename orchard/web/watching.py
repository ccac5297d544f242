"""What stands around every request: its id, its line in the log, its count, and the page that tells a fault of ours."""

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.http.response import HttpResponseBase
from django.template import loader

from orchard.kit import logs, slow
from orchard.web import metrics
from orchard.web.permissions import PERMISSIONS

logger = logging.getLogger("orchard.web")

HEADER = "X-Request-ID"

# As proxies write them: 32 hexadecimal digits, or a UUID.
_WELL_FORMED = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_QUIET = frozenset({"alive", "ready", "metrics", "static"})


class Watch:
    """Give each request an id, time its statements, and tell when it is answered: route and ids, nothing it carried."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the whole chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, count, and write a line."""
        begun = time.perf_counter()
        here = logs.Here(
            request_id=_id_of(request),
            method=metrics.method_of(request),
            route="static" if request.path_info.startswith(settings.STATIC_URL) else "unknown",
            member=lambda: _member_of(request),
        )
        with logs.within(here), slow.watching():
            answer = self._get_response(request)
            seconds = time.perf_counter() - begun
            answer.headers[HEADER] = here.request_id
            metrics.count(route=here.route, method=here.method, status=answer.status_code, seconds=seconds)
            logger.log(
                logging.DEBUG if here.route in _QUIET else logging.INFO,
                "Answered.",
                extra=logs.fields(status=answer.status_code, ms=round(seconds * 1000, 1)),
            )
        return answer

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Name the route, now that the address is resolved: only names of the table become labels and words."""
        match = request.resolver_match
        if match and match.view_name in PERMISSIONS:
            logs.here().route = match.view_name


def failed(_request: HttpRequest) -> HttpResponse:
    """Tell a fault of ours, with the number by which the operator finds it; asks nothing that may be broken."""
    words = {"request_id": logs.here().request_id}
    return HttpResponseServerError(loader.get_template("500.html").render(words))


def _id_of(request: HttpRequest) -> str:
    """Return the id that the proxy in front of us gave, where there is one that we trust, or make one."""
    given = request.headers.get(HEADER, "") if settings.ORCHARD_HOSTS else ""
    return given.lower() if _WELL_FORMED.fullmatch(given) else uuid4().hex


def _member_of(request: HttpRequest) -> int | None:
    """Return who asked, where somebody has looked already: a line of the log is not worth a query."""
    caller = vars(request).get("auth") or vars(request).get("_cached_user")
    found = getattr(caller, "member_id", None) or getattr(caller, "pk", None)
    return found if isinstance(found, int) else None
