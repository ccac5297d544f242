"""The token itself: whom it acts for, and how far it reaches."""

from datetime import datetime

from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field

from orchard.api.operations import Desk, Reply, caller_of
from orchard.api.types import Scope

desk = Desk(tags=["me"])


class Me(BaseModel):
    """A token and its member."""

    token: str = Field(description="The name of the token.")
    prefix: str = Field(description="How the token begins, behind `orchard_`.")
    member: str = Field(description="The name of the member for whom it acts.")
    member_id: int
    role: str = Field(description="The role of the member: `sales`, `marketing`, `manager` or `admin`.")
    scopes: list[Scope] = Field(description="What the token and the role leave together.")
    expires_at: datetime | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "token": "Web forms",
                    "prefix": "k3v9x0ab",
                    "member": "Nora Lind",
                    "member_id": 7,
                    "role": "marketing",
                    "scopes": ["contacts:write", "facts:write"],
                    "expires_at": None,
                }
            ]
        }
    )


@desk.offer("GET", "/me", name="me", scope=None, answers=Me)
def read_me(request: HttpRequest) -> Reply:
    """Tell who the token is.

    A first call that shows whether a token works and what it may be used for.
    """
    caller = caller_of(request)
    return Reply(
        Me(
            token=caller.token,
            prefix=caller.prefix,
            member=caller.member,
            member_id=caller.member_id,
            role=caller.role,
            scopes=sorted(caller.scopes),
            expires_at=caller.expires_at,
        )
    )
