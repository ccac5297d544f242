"""What stands before every page: whose records are seen, who may what, clock and language, refusals in sentences."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from orchard.api.types import DOOR
from orchard.kit import once
from orchard.kit.errors import NotAllowed, NotFound, Refused
from orchard.kit.languages import LANGUAGES
from orchard.team import queries as team
from orchard.team.types import EVERYTHING, Reach
from orchard.web import permissions
from orchard.web.request import ours, way_back

Answer = Callable[[HttpRequest], HttpResponse]

LARGEST_ID = 2**63 - 1
"""No record has a larger one, and the database takes none."""


class Language:
    """Speak as the member chose, as the browser asks where nothing was chosen, and English to other systems."""

    def __init__(self, get_response: Answer) -> None:
        """Wrap the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let no language of this request outlive it; caches learn what it hangs on."""
        is_page = not request.path_info.startswith(DOOR)
        asked = translation.get_language_from_request(request) if is_page else settings.LANGUAGE_CODE
        with translation.override(asked):
            answer = self._get_response(request)
            if is_page:
                patch_vary_headers(answer, ("Accept-Language",))
            answer.headers.setdefault(
                "Content-Language", translation.get_language() or settings.LANGUAGE_CODE
            )
        return answer

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Speak the member's language; an address open to strangers asks the database for nobody."""
        match = request.resolver_match
        if not match or permissions.rule_of(match.view_name).public or request.path_info.startswith(DOOR):
            return
        if request.user.is_authenticated and request.user.language in LANGUAGES:
            translation.activate(request.user.language)


class Sight:
    """Let a request see no further than its member's reach, to the last piece of what it is answered."""

    def __init__(self, get_response: Answer) -> None:
        """Wrap the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let nothing of one request's reach outlive it."""
        with team.seeing(EVERYTHING):
            answer = self._get_response(request)
            if isinstance(answer, StreamingHttpResponse):
                answer.streaming_content = _seen(
                    answer.streaming_content, team.reach(), translation.get_language()
                )
        return answer

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Set the member's reach; the REST door sets its own, by the token."""
        match = request.resolver_match
        if match and not permissions.rule_of(match.view_name).public and request.user.is_authenticated:
            team.see(team.reach_of(request.user))


class Permissions:
    """Let a request through only where the table names its address, its method and the member's role."""

    def __init__(self, get_response: Answer) -> None:
        """Wrap the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the decision falls once its address is resolved.

        What it asks for, a page that only reads asks no second time.
        """
        with once.reading() if request.method in permissions.READS else nullcontext():
            return self._get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, arguments: Mapping[str, object]
    ) -> HttpResponse | None:
        """Refuse what the table does not allow; send a stranger to the login."""
        match = request.resolver_match
        rule = permissions.rule_of(match.view_name if match else "")
        is_large = any(isinstance(each, int) and each > LARGEST_ID for each in arguments.values())
        if is_large and not request.path_info.startswith(DOOR):  # which says itself what is wrong with a call
            return refusal(request, NotFound(_("There is nothing at this address.")))
        if not rule.public:
            if not request.user.is_authenticated:
                return _to_login(request, rule)
            if not permissions.reaches(request.user, rule):
                return refusal(
                    request, NotAllowed(_("Your role does not open this page. Ask an admin if you need it."))
                )
            if not permissions.within_scope(request.user, rule, arguments):
                return refusal(
                    request, NotAllowed(_("This is with a colleague. Ask a manager if you need it."))
                )
        if request.method not in rule.methods:
            return _not_so(request, rule)
        return None


class MemberTime:
    """Show every time in the member's own zone."""

    def __init__(self, get_response: Answer) -> None:
        """Wrap the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let no zone of this request outlive it."""
        with timezone.override(settings.TIME_ZONE):
            return self._get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Set the member's zone; an address open to strangers shows no times and asks the database for nobody."""
        match = request.resolver_match
        if match and not permissions.rule_of(match.view_name).public and request.user.is_authenticated:
            timezone.activate(ZoneInfo(request.user.time_zone))


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
        request, "refused.html", {"sentence": error.sentence, "status": error.status}, status=error.status
    )


def _seen(pieces: Iterable[Any], reach: Reach, language: str | None) -> Iterator[Any]:
    """Give the pieces of an answer, each made with a reach and a language that ended with the request."""
    left = iter(pieces)
    while True:
        with team.seeing(reach), translation.override(language):
            piece = next(left, None)
        if piece is None:
            return
        yield piece


def _to_login(request: HttpRequest, rule: permissions.Rule) -> HttpResponse:
    """Lead to the login and back to where the stranger wanted to go; a fragment leads the whole page there.

    Whoever sent something is led back to the page that it was sent from, where the browser puts back what was typed.
    """
    if request.headers.get("HX-Request"):
        page = ours(request, request.headers.get("HX-Current-URL", ""))
        login = resolve_url(settings.LOGIN_URL)
        where = f"{login}?{urlencode({REDIRECT_FIELD_NAME: page})}" if page else login
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": where})
    asked = request.get_full_path()
    if request.method not in permissions.READS:
        asked = way_back(
            request, asked if "GET" in rule.methods else resolve_url(settings.LOGIN_REDIRECT_URL)
        )
    return redirect_to_login(asked, settings.LOGIN_URL)


def _not_so(request: HttpRequest, rule: permissions.Rule) -> HttpResponse:
    """Say that an address is not asked in this way: most of all where somebody reloads what a form was sent to."""
    allowed = HttpResponseNotAllowed(sorted(rule.methods))
    if request.method == "GET":
        sentence = _("Nothing is shown at this address: forms send to it. Open the page with the form again.")
        context = {"sentence": sentence, "status": HTTPStatus.METHOD_NOT_ALLOWED}
        allowed.content = render_to_string("refused.html", context, request)
    return allowed
