"""Parts of pages that renew themselves: what the browser has already is not sent again."""

import re
from hashlib import sha256
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

MARK = "Orchard-Mark"
"""The header by which a part says what it is like, and the browser what it has."""

# Made anew with every answer, whatever it tells.
_ALWAYS_NEW = re.compile(rb'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"')


def is_renewal(request: HttpRequest) -> bool:
    """Tell whether a part is asked for by itself, and not because somebody opened something."""
    return MARK in request.headers


def renewed(request: HttpRequest, part: HttpResponse) -> HttpResponse:
    """Return a part with its mark, or nothing (204) where the browser has one of the same mark."""
    mark = sha256(_ALWAYS_NEW.sub(b"", part.content)).hexdigest()
    if request.headers.get(MARK) == mark:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    part[MARK] = mark
    return part
