"""How the door describes itself: OpenAPI 3.1, with the scope and every refusal of each operation."""

from functools import cache
from typing import Any

from ninja import NinjaAPI

from orchard.api import idempotency, problems
from orchard.api.operations import REFUSALS, Bearer
from orchard.api.types import KEY_LENGTH

PREFIX = "/api/v1/"

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_KEY = {
    "in": "header",
    "name": idempotency.HEADER,
    "required": True,
    "description": (
        "A text of your own for each call, such as a UUID. Sent again with the same key, the call is done once and "
        "answered alike, for at least 24 hours."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH, "pattern": "^[ -~]+$"},
    "example": "5b1f0c7e-8d5e-4a51-9a35-0c9c2d9f1a11",
}


@cache
def document(api: NinjaAPI) -> dict[str, Any]:
    """Return the description of an API; it holds no data and is the same for everybody."""
    described: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    components = described["components"]
    components["schemas"] |= _schemas()
    components["securitySchemes"] = {
        "Bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that an admin makes under Manage, API tokens, or by `orchard token add`.",
        }
    }
    scopes = {each.operation_id: _scope_of(each) for each in operations(api)}
    for path in described["paths"].values():
        for method, operation in path.items():
            _complete(operation, method, scopes[operation["operationId"]])
    return described


def operations(api: NinjaAPI) -> list[Any]:
    """Return every operation of an API."""
    return [
        operation
        for router in api._get_bound_routers()  # noqa: SLF001 - ninja has no other way to walk them
        for path in router.path_operations.values()
        for operation in path.operations
    ]


def _scope_of(operation: Any) -> str | None:
    """Return the scope that an operation asks for; None where any token will do."""
    (guard,) = operation.auth_callbacks
    assert isinstance(guard, Bearer)  # noqa: S101 - `Desk.offer` sets no other
    return guard.scope


def _complete(operation: dict[str, Any], method: str, scope: str | None) -> None:
    """Add what ninja does not know: scope, key, refusals."""
    needs = f"Scope: `{scope}`." if scope else "Any token will do."
    operation["description"] = f"{operation['description']}\n\n{needs}"
    operation["security"] = [{"Bearer": [scope] if scope else []}]
    if method == "post":
        operation["parameters"] = [*operation["parameters"], _KEY]
    for status in operation.pop("x-refuses"):
        operation["responses"][str(status)] = {
            "description": REFUSALS[status],
            "content": {problems.MEDIA_TYPE: {"schema": _PROBLEM}},
        }


def _schemas() -> dict[str, Any]:
    """Return the schemas of a problem."""
    problem = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**problem.pop("$defs"), "Problem": problem}
