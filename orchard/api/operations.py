"""What every operation of the door has in common: a scope, refusals that are known, and a reply that is done once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.security.http import HttpAuthBase
from pydantic import BaseModel

from orchard.api import actions, idempotency, queries
from orchard.api.types import Caller, Flaw, Flawed, NotKnown, OutOfScope, RoleLacking, Scope
from orchard.contacts import queries as contacts
from orchard.kit import clock
from orchard.team import queries as team
from orchard.team.types import Role

View = TypeVar("View", bound=Callable[..., "Reply"])

BAD, UNKNOWN, FORBIDDEN, ABSENT, CONFLICT, GONE, CHANGED = 400, 401, 403, 404, 409, 410, 412
LARGE, MEDIA, UNFIT, UNSEEN, BROKEN, BUSY = 413, 415, 422, 428, 500, 503

REFUSALS: Mapping[int, str] = {
    BAD: "The request cannot be understood, or a value is refused.",
    UNKNOWN: "There is no token, or none that works.",
    FORBIDDEN: "The token's scopes, or its member's role, do not reach that far.",
    ABSENT: "There is no such record, or what the body names is not there.",
    CONFLICT: "Something belongs to somebody else already, or a call with this key is at work.",
    GONE: "The call was done; its answer was erased together with the person.",
    CHANGED: "The record was changed since it was read.",
    LARGE: "The body is larger than 4 MB.",
    MEDIA: "The body is not sent as JSON.",
    UNFIT: "Parts of the request do not fit, or the key was used for another call.",
    UNSEEN: "The header If-Match is missing.",
    BROKEN: "Something went wrong on our side; nothing was changed.",
    BUSY: "The database does not answer; nothing was changed. Send the same call again.",
}
"""The statuses by which calls are refused, in words for the description of the door."""

EVERYBODY = frozenset(Role)
SELLERS = frozenset({Role.SALES, Role.MANAGER, Role.ADMIN})
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})

_ALWAYS = (BAD, UNKNOWN, FORBIDDEN, UNFIT, BROKEN, BUSY)
_WITH_BODY = (ABSENT, CONFLICT, LARGE, MEDIA)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call is answered: `about` names the contacts of whom it says something."""

    body: BaseModel
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    about: Sequence[int] = ()

    def response(self) -> HttpResponse:
        """Return it as HTTP."""
        return HttpResponse(
            self.body.model_dump_json(by_alias=True),
            status=self.status,
            content_type="application/json",
            headers=dict(self.headers),
        )


class Bearer(HttpAuthBase):
    """Lets a call in by its token alone, and only as far as one scope and some roles reach.

    A scope of None asks for no more than a token.
    """

    openapi_scheme = "bearer"

    def __init__(self, scope: Scope | None, roles: frozenset[Role] = EVERYBODY) -> None:
        self.scope, self.roles = scope, roles
        super().__init__()

    def __call__(self, request: HttpRequest) -> Caller:
        """Return who calls; cookies are not looked at."""
        sort, _, written = request.headers.get("Authorization", "").partition(" ")
        if sort.lower() != "bearer":
            raise NotKnown(
                "Send a token: the header Authorization with the word Bearer and the token behind it.",
                headers={"WWW-Authenticate": 'Bearer realm="orchard"'},
            )
        now = clock.now()
        try:
            caller, used = queries.caller(written.strip(), now=now)
        except NotKnown as error:
            asks = {"WWW-Authenticate": 'Bearer realm="orchard", error="invalid_token"'}
            raise NotKnown(str(error), headers=asks) from None
        if self.scope is not None and self.scope not in caller.scopes:
            raise OutOfScope(
                f"This needs the scope {self.scope}, which the token or the role of its member lacks.",
                headers={
                    "WWW-Authenticate": f'Bearer realm="orchard", error="insufficient_scope", scope="{self.scope}"'
                },
            )
        if caller.role not in self.roles:
            raise RoleLacking(f"Members of the role {caller.role} do not do this, on pages or by a token.")
        actions.note_use(token_id=caller.token_id, last_used_at=used, now=now)
        team.see(caller.reach)
        return caller


def caller_of(request: HttpRequest) -> Caller:
    """Return who calls, in a view that a token opened."""
    caller: Caller = vars(request)["auth"]  # where ninja keeps what `Bearer` returns
    return caller


class Desk(Router):
    """The operations of one resource."""

    def offer(
        self,
        method: str,
        path: str,
        *,
        name: str,
        scope: Scope | None,
        roles: frozenset[Role] = EVERYBODY,
        answers: type[BaseModel],
        status: int = 200,
        refuses: Sequence[int] = (),
    ) -> Callable[[View], View]:
        """Offer a view as an operation: its name is the operation's id, its docstring the description.

        `name` is the address's in the table of permissions, the same for all methods of one path. `roles` are those
        whose pages do the same, where the scope reaches more.
        """

        def decorate(view: View) -> View:
            known: set[str] = set()
            self.add_api_operation(
                path,
                [method],
                _answering(view, method, known),
                auth=Bearer(scope, roles),
                response={status: answers},
                operation_id=view.__name__,
                summary=(view.__doc__ or "").partition("\n")[0].rstrip("."),
                url_name=name,
                openapi_extra={"x-refuses": sorted({*_refusals(method, path), *refuses})},
            )
            operation = self.path_operations[path].operations[-1]
            known.update(
                parameter
                for model in operation.models
                if model.__ninja_param_source__ == "query"
                for parameter in vars(model)["__ninja_flatten_map__"]
            )
            return view

        return decorate


def _refusals(method: str, path: str) -> tuple[int, ...]:
    """Return the statuses by which any operation of this sort may be refused."""
    if method == "GET":
        return (*_ALWAYS, ABSENT) if "{" in path else _ALWAYS
    return (*_ALWAYS, *_WITH_BODY, GONE) if method == "POST" else (*_ALWAYS, *_WITH_BODY)


def _answering(view: Callable[..., Reply], method: str, known: set[str]) -> Callable[..., HttpResponse]:
    """Return a view that answers by HTTP, a POST once for each key."""

    @wraps(view)
    def run(request: HttpRequest, **given: Any) -> HttpResponse:
        if unknown := sorted(request.GET.keys() - known):
            says = f"There is no such parameter here. Known: {', '.join(sorted(known)) or 'none'}."
            raise Flawed([Flaw(says, place="query", parameter=each) for each in unknown])
        if method != "POST":
            return _within_reach(view, request, given).response()

        def act() -> tuple[HttpResponse, list[int]]:
            reply = _within_reach(view, request, given)
            return reply.response(), list(reply.about)

        return idempotency.once(request, caller_of(request), act)

    return run


def _within_reach(view: Callable[..., Reply], request: HttpRequest, given: Mapping[str, Any]) -> Reply:
    """Return what the view answers, unless the path names a contact or lead that the caller does not see.

    A reply that was kept is not asked about again: the call may itself have moved the record out of reach.
    """
    if "contact_id" in given:
        contacts.refuse_hidden([given["contact_id"]])
    if "lead_id" in given:
        queries.refuse_hidden(given["lead_id"])
    return view(request, **given)
