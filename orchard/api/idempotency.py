"""How a call with an `Idempotency-Key` is done once, and answered alike however often it comes.

What a call does and what it is answered are committed together, under a lock that PostgreSQL drops with the
transaction: whoever is killed in between leaves neither, and the key is free at once. Refusals that the work itself
came to are kept as well; what never began (no token, a body that does not fit) and what broke on our side are not.
"""

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from orchard.api import problems, rules
from orchard.api.models import Answer
from orchard.api.types import KEY_LENGTH, AnswerErased, Caller, KeyMissing, KeyReused, StillRunning
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.ids import keyed_hash

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"

_KEPT_HEADERS = ("Location", "ETag", "Content-Type")
_SERVER_ERROR = 500

Act = Callable[[], tuple[HttpResponse, list[int]]]
"""Does the work, and returns its answer and the contacts that this says something of."""


def once(request: HttpRequest, caller: Caller, act: Act) -> HttpResponse:
    """Do the work of a call unless it was done, and answer as it was answered then."""
    key, call = _key_of(request, caller), _call_of(request)
    with transaction.atomic():
        if not _is_ours(key):
            raise StillRunning(
                "A call with this key is at work. Wait a moment, then send it again.",
                headers={"Retry-After": "1"},
            )
        if (kept := Answer.objects.filter(key=key).first()) is not None:
            return _again(kept, call)
        answer, contact_ids = _done(act)
        Answer.objects.create(
            key=key,
            call=call,
            token_id=caller.token_id,
            status=answer.status_code,
            headers={name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers},
            body=answer.content.decode(),
            contact_ids=contact_ids,
            created_at=clock.now(),
        )
    return answer


def _key_of(request: HttpRequest, caller: Caller) -> UUID:
    """Return the hash of the key that a call carries; the keys of two tokens are never the same."""
    given = request.headers.get(HEADER, "")
    if not rules.is_key(given):
        raise KeyMissing(
            f"Send the header {HEADER} with a text of your own for each call, at most {KEY_LENGTH} printable "
            "characters, such as a UUID: sent again with the same key, the call is done once."
        )
    return _hash(f"{caller.token_id} {given}", "api key")


def _call_of(request: HttpRequest) -> UUID:
    """Return the hash of what makes a call the same call."""
    return _hash(f"{request.method} {request.get_full_path()} {sha256(request.body).hexdigest()}", "api call")


def _hash(text: str, purpose: str) -> UUID:
    return keyed_hash(text, key=settings.SECRET_KEY.encode(), purpose=purpose)


def _is_ours(key: UUID) -> bool:
    """Tell whether nobody else works under this key; it is ours until the transaction ends, however it ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(key.bytes[:8], "big", signed=True)]
        )
        return bool(cursor.fetchone()[0])


def _done(act: Act) -> tuple[HttpResponse, list[int]]:
    """Do the work; where it is refused, nothing of it stays but the refusal."""
    try:
        with transaction.atomic():
            return act()
    except Refused as error:
        if error.status >= _SERVER_ERROR:
            raise
        return problems.refused(error), []


def _again(kept: Answer, call: UUID) -> HttpResponse:
    """Return what was answered before."""
    if kept.call != call:
        raise KeyReused(
            f"This {HEADER} was used for another call: another address or another body. Take a new key for a new call."
        )
    if not kept.body:
        raise AnswerErased(
            "This call was done once; what it was answered was erased together with the person it was about."
        )
    return HttpResponse(kept.body, status=kept.status, headers={**kept.headers, REPLAYED: "true"})
