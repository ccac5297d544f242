"""The shapes that several resources share: ids, short texts, pages of a list."""

from typing import Annotated

from ninja import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt

Id = Annotated[int, Field(ge=1, lt=2**63)]
"""An id in an address or a query."""

ContactId = Annotated[
    Id, Path(description="The id of a contact; one that was joined with another means that one.")
]

BodyId = Annotated[StrictInt, Field(ge=1, lt=2**63)]
"""An id in a body, where it is a number and no text."""

PAGE = 50
MOST = 200


class Given(BaseModel):
    """A body, or a part of one: what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class Named(BaseModel):
    """Another record that this one names."""

    id: int
    name: str


def named(id_: int | None, name: str | None) -> Named | None:
    """Return how another record is named; None where there is none."""
    return Named(id=id_, name=name or "") if id_ is not None else None


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("This is blank.")
    return text


Filled = Annotated[str, AfterValidator(_not_blank)]
"""A text that says something."""
