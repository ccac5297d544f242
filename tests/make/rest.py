"""Another system that calls the REST door: with a token, and a new key for each POST unless it is given one."""

import json
from itertools import count

from django.test import Client

from orchard.api import actions
from orchard.api.types import OFFERED, TokenFields
from orchard.kit import clock
from orchard.team.types import Role
from tests.make.members import member

V1 = "/api/v1"
JSON = "application/json"

_key = count(1)


def token(role=Role.ADMIN, *, scopes=OFFERED, acts_for=None, expires_at=None, name="Web forms"):
    """Make a token and return it as it is written."""
    acts_for = acts_for or member(role)
    fields = TokenFields(name, acts_for.id, frozenset(scopes), expires_at)
    return actions.add_token(fields=fields, actor_id=None, now=clock.now()).secret


class System:
    """Calls the door in this process."""

    def __init__(self, secret=None, **options):
        self.secret = secret or token()
        self.client = Client(**options)

    def call(self, method, path, body=None, *, key=None, **headers):
        """Send a call; `body` is turned into JSON unless it is bytes."""
        given = {"authorization": f"Bearer {self.secret}", **headers}
        if method == "POST":
            given["idempotency-key"] = f"key {next(_key)}" if key is None else key
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = given.pop("content_type", JSON)
        return self.client.generic(method, f"{V1}{path}", data, content_type=kind, headers=given)

    def get(self, path, **headers):
        """Read."""
        return self.call("GET", path, **headers)

    def post(self, path, body, *, key=None, **headers):
        """Do."""
        return self.call("POST", path, body, key=key, **headers)

    def patch(self, path, body, **headers):
        """Change."""
        return self.call("PATCH", path, body, **headers)
