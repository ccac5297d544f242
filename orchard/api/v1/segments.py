"""Segments: saved conditions and who fits them, as their pages show them."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query
from pydantic import BaseModel, Field

from orchard.api.operations import Desk, Reply
from orchard.api.types import Scope
from orchard.api.v1.shapes import MOST, PAGE, Id
from orchard.engine.conditions import written
from orchard.segments import queries

desk = Desk(tags=["segments"])

SegmentId = Annotated[Id, Path(description="The id of a segment.")]


class Segment(BaseModel):
    """A saved condition."""

    id: int
    code: str = Field(description="By which conditions and the command line name it; it stays.")
    name: str
    description: str
    condition: dict[str, Any] = Field(description="What it says, in the grammar of conditions.")
    words: str = Field(description="The same in words.")
    members: int = Field(description="How many are in it, kept up within seconds.")
    is_counted: bool = Field(
        description="False while everybody is asked anew: `members` are then those of before."
    )
    changed_at: datetime


class Segments(BaseModel):
    """Every segment in use, by name."""

    segments: list[Segment]


class Member(BaseModel):
    """A contact in a segment."""

    contact_id: int
    since: datetime = Field(description="When it was seen that the contact fits.")


class Members(BaseModel):
    """A page of the members, by id."""

    members: list[Member]
    next: str = Field(description="The cursor of the next page; empty at the end.")
    previous: str


class Wish(BaseModel):
    """Which page of the members."""

    cursor: str = Field("", description="The `next` of the page before.")
    limit: int = Field(PAGE, ge=1, le=MOST, description="How many at most.")


@desk.offer("GET", "/segments", name="segments", scope=Scope.SEGMENTS_READ, answers=Segments)
def list_segments(request: HttpRequest) -> Reply:  # noqa: ARG001 - ninja gives it
    """List the segments in use.

    All at once: a company has tens of them.
    """
    saved = queries.definitions()
    lines = [
        Segment(
            id=row.id,
            code=row.code,
            name=row.name,
            description=row.description,
            condition=written(saved[row.code].condition),
            words=row.words,
            members=row.standing.members,
            is_counted=row.standing.is_counted,
            changed_at=row.changed_at,
        )
        for row in queries.segments()
    ]
    return Reply(Segments(segments=lines))


@desk.offer(
    "GET",
    "/segments/{int:segment_id}/members",
    name="segment_members",
    scope=Scope.SEGMENTS_READ,
    answers=Members,
)
def list_members(request: HttpRequest, segment_id: SegmentId, wish: Query[Wish]) -> Reply:  # noqa: ARG001
    """List who is in a segment.

    A page at a time: follow `next` until it is empty. Whoever comes or goes meanwhile shifts no page.
    """
    queries.standing(segment_id)
    page = queries.member_ids(segment_id, cursor=wish.cursor, size=wish.limit)
    rows = [Member(contact_id=contact, since=since) for contact, since in page.rows]
    return Reply(Members(members=rows, next=page.next, previous=page.previous))
