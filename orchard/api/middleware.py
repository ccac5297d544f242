"""What stands around the REST door: bodies that are too large stop here, and whatever refuses is told as a problem."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from orchard.api import problems, reading
from orchard.api.types import DOOR

Answer = Callable[[HttpRequest], HttpResponseBase]


class Problems:
    """Tell what pages would be told as a page, such as an unknown address or an error of ours, as problem details."""

    def __init__(self, get_response: Answer) -> None:
        """Wrap the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let other addresses pass; nothing that the door says is kept in caches unless it says so itself."""
        if not request.path_info.startswith(DOOR):
            return self._get_response(request)
        answer = self._answer(request)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if _size(request) > reading.LARGEST:
            return problems.refused(problems.too_large())
        answer = self._get_response(request)
        if answer.status_code < HTTPStatus.BAD_REQUEST or problems.is_problem(answer):
            return answer
        kept = {name: answer.headers[name] for name in ("Allow", "Retry-After") if name in answer.headers}
        return problems.plain(answer.status_code, headers=kept)


def _size(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or ""
    return int(given[:20]) if given.isascii() and given.isdigit() else 0
