"""How a form that is sent twice from one page, by a double click or an impatient Enter, is done once.

Every page carries a token of its own making against forgery, so the same form with the same token and the same words is
the same press. The first is done; the second waits for it and is led where that led. What the first could not do is not
remembered: sent again, it is tried again.
"""

import time
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import urlsplit

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from orchard.api.types import DOOR
from orchard.kit.errors import Conflict
from orchard.web.middleware import refusal
from orchard.web.ui import toasts

UNDER_WAY = 60
"""Seconds for which a form under way is waited for, at most: whoever does it may have died."""
REMEMBERED = 10
"""Seconds for which what was done is the same press; later somebody means it."""
WAITS = 20
_LOOKS = 0.1

_MOVED = frozenset({301, 302, 303})
_RUNNING, _FREE = "", "free"


class Twice:
    """Middleware behind whatever may refuse; it watches forms of whole pages, sent by somebody who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and remember where a form led."""
        answer = self._get_response(request)
        key = getattr(request, "press", "")
        if key and answer.status_code in _MOVED:
            # The path alone: what stands behind it may be words that somebody typed.
            cache.set(key, urlsplit(answer["Location"]).path, REMEMBERED)
        elif key:
            cache.set(key, _FREE, 1)
        return answer

    def process_view(self, request: HttpRequest, *_args: object) -> HttpResponse | None:
        """Let the first of two alike pass, and lead the second where the first led."""
        key = _press_of(request)
        if not key:
            return None
        until = time.monotonic() + WAITS
        while not cache.add(key, _RUNNING, UNDER_WAY):
            where = cache.get(key)
            if where == _FREE:
                break
            if where:
                toasts.say(request, _("It was sent twice, and done once."))
                return redirect(where)
            if time.monotonic() > until:
                sentence = _("This was sent before and is still under way. Look in a moment what came of it.")
                return refusal(request, Conflict(sentence))
            time.sleep(_LOOKS)
        request.press = key  # type: ignore[attr-defined]  # read by ourselves, above
        return None


def _press_of(request: HttpRequest) -> str:
    """Return what two sendings of one form from one page have in common; nothing for what is no such form."""
    if request.method != "POST" or request.path_info.startswith(DOOR):
        return ""
    token = request.POST.get("csrfmiddlewaretoken")
    if not token or not request.user.is_authenticated or request.headers.get("HX-Request"):
        return ""
    words = "\n".join(
        [
            str(request.session.session_key),
            request.get_full_path(),
            request.POST.urlencode(),
            *(f"{each.name} {each.size}" for _, files in request.FILES.lists() for each in files),
        ]
    )
    return f"press:{sha256(words.encode()).hexdigest()}"
