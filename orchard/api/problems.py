"""How a refusal is told to programs: as problem details (RFC 9457), whatever refused."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic import BaseModel, ConfigDict, Field

from orchard.api import rules
from orchard.api.types import ApiRefused, Flaw, Flawed, NotJson, TooLarge
from orchard.kit.errors import Refused

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = {"Retry-After": "2"}

_MOST_FLAWS = 100
_SENTENCES = {
    400: "This request cannot be understood.",
    403: "This is not allowed.",
    404: "There is nothing at this address. The addresses stand in /api/v1/openapi.json.",
    405: "This address does not take this method; the header Allow names those that it takes.",
    413: "The body is too large.",
    500: "Something went wrong on our side, and nothing was changed. The operator finds it in the log by the "
    "X-Request-ID of this answer.",
    503: "The database does not answer just now. Nothing was changed; send the same call again.",
}


class FlawShown(BaseModel):
    """One part of a request that does not fit."""

    detail: str = Field(description="What is wrong, in a sentence.")
    pointer: str | None = Field(
        None, description="Where in the body it stands, as a JSON pointer (RFC 6901)."
    )
    place: str | None = Field(
        None, alias="in", description="`query`, `path` or `header`, if not in the body."
    )
    parameter: str | None = Field(None, description="The name of the parameter, if not in the body.")

    model_config = ConfigDict(populate_by_name=True)


class Problem(BaseModel):
    """Why a call was refused (RFC 9457)."""

    type: str = Field(description="What sort of problem this is; `about:blank` where the status says it all.")
    title: str = Field(description="The same for people.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="What is wrong with this call and what to do, in a sentence.")
    errors: list[FlawShown] | None = Field(None, description="With status 422: each part that does not fit.")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:orchard:problem:parts-do-not-fit",
                    "title": "Parts do not fit",
                    "status": 422,
                    "detail": "Some parts of this request do not fit; `errors` names each.",
                    "errors": [{"detail": "Nobody is known by this.", "pointer": "/facts/0/contact"}],
                }
            ]
        }
    )


def refused(error: Refused) -> HttpResponse:
    """Tell a refusal with its status and sentence."""
    if isinstance(error, ApiRefused):
        flaws = error.flaws if isinstance(error, Flawed) else ()
        return _told(error.status, str(error), sort=error.problem, flaws=flaws, headers=error.headers)
    return _told(error.status, str(error))


def plain(status: int, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Tell what a status says."""
    return _told(status, _SENTENCES.get(status, HTTPStatus(status).description), headers=headers)


def is_problem(answer: HttpResponseBase) -> bool:
    """Tell whether an answer tells a problem."""
    return answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE)


def handle(api: NinjaAPI) -> None:
    """Let an API tell every refusal as a problem; what nobody expected goes on as an error."""
    api.add_exception_handler(Refused, lambda _request, error: refused(_one(error)))
    api.add_exception_handler(ValidationError, lambda _request, error: refused(_flawed(_one(error))))
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(RequestDataTooBig, lambda _request, _error: refused(too_large()))
    api.add_exception_handler(OperationalError, _unavailable)
    api.add_exception_handler(InterfaceError, _unavailable)
    api.add_exception_handler(Exception, _unexpected)


def too_large() -> TooLarge:
    """Return the refusal of a body that is too large."""
    return TooLarge("The body is larger than 4 MB. Send it in several calls.")


def _told(
    status: int,
    detail: str,
    *,
    sort: str = "",
    flaws: Sequence[Flaw] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    problem: dict[str, Any] = {
        "type": f"urn:orchard:problem:{sort}" if sort else "about:blank",
        "title": sort.replace("-", " ").capitalize() if sort else HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if flaws:
        problem["errors"] = [_shown(flaw) for flaw in flaws[:_MOST_FLAWS]]
    body = json.dumps(problem, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=MEDIA_TYPE, headers=dict(headers or {}))


def _shown(flaw: Flaw) -> dict[str, str]:
    if flaw.place:
        return {"detail": flaw.detail, "in": flaw.place, "parameter": flaw.parameter}
    return {"detail": flaw.detail, "pointer": flaw.pointer}


def _flawed(error: ValidationError) -> Flawed:
    """Return what ninja found, each part with its place."""
    return Flawed([_flaw(each["loc"], each["msg"]) for each in error.errors])


def _flaw(place: Sequence[str | int], said: str) -> Flaw:
    sentence = said.removeprefix("Value error, ").rstrip(".") + "."
    if place[0] == "body":
        # Behind `body` stands the name of the view's argument, which nobody outside knows.
        return Flaw(sentence, "".join(f"/{rules.escaped(part)}" for part in place[2:]))
    return Flaw(sentence, place=str(place[0]), parameter=".".join(map(str, place[1:])))


def _http_error(_request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    """Tell why ninja could not read a request; it wraps what our own reading refused."""
    cause = _one(error).__cause__
    return refused(cause if isinstance(cause, Refused) else NotJson("The body is no JSON."))


def _unavailable(_request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    logger.warning("The database does not answer (%s).", type(error).__name__)
    return plain(503, headers=RETRY_AFTER)


def _unexpected(_request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Let Django log it; `middleware.Problems` tells it."""
    raise error


def _one(error: Any) -> Any:
    """Return an error as one: ninja's types allow for its class as well, which nobody raises."""
    return error
