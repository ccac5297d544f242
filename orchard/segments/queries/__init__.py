"""What other rooms and pages ask of segments: which there are, who is in them, and whom a condition holds for."""

from orchard.segments.queries.exact import Counted, Found, count, fitting
from orchard.segments.queries.export import exported
from orchard.segments.queries.matching import Matching, contacts_matching
from orchard.segments.queries.names import definitions, expanded, holding, known, named, problems_of_use
from orchard.segments.queries.segments import (
    MemberRow,
    SegmentRow,
    SegmentShown,
    member_ids,
    members,
    names_of,
    of_contact,
    others,
    segment,
    segment_named,
    segments,
    standing,
)
from orchard.segments.queries.uses import is_there_any, uses_of

__all__ = [
    "Counted",
    "Found",
    "Matching",
    "MemberRow",
    "SegmentRow",
    "SegmentShown",
    "contacts_matching",
    "count",
    "definitions",
    "expanded",
    "exported",
    "fitting",
    "holding",
    "is_there_any",
    "known",
    "member_ids",
    "members",
    "named",
    "names_of",
    "of_contact",
    "others",
    "problems_of_use",
    "segment",
    "segment_named",
    "segments",
    "standing",
    "uses_of",
]
