"""What stands before every page: the table of permissions, and refusals turned into pages with a sentence."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orchard.kit.errors import NotAllowed, Refused
from orchard.web import permissions

Answer = Callable[[HttpRequest], HttpResponse]


class Permissions:
    """Let a request through only where the table names its address and the member's role."""

    def __init__(self, get_response: Answer) -> None:
        """Wrap the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the decision falls once its address is resolved."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse an address that the table lacks or the role may not open; send a stranger to the login."""
        match = request.resolver_match
        rule = permissions.rule_of(match.view_name if match else "")
        if rule.public:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if request.user.role not in rule.roles:
            return refusal(
                request, NotAllowed("Your role does not open this page. Ask an admin if you need it.")
            )
        return None


class Refusals:
    """Turn a `Refused` raised by a domain call into a page or fragment that says its sentence."""

    def __init__(self, get_response: Answer) -> None:
        """Wrap the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal with its status; anything else is a bug and goes on."""
        return refusal(request, exception) if isinstance(exception, Refused) else None


def refusal(request: HttpRequest, error: Refused) -> HttpResponse:
    """Render the page that tells a refusal."""
    return render(
        request, "refused.html", {"sentence": str(error), "status": error.status}, status=error.status
    )
