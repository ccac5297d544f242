"""The versions of programs, as actions and pages of this room read them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from orchard.nurture.document import Document, read
from orchard.nurture.models import Program, ProgramVersion
from orchard.nurture.rules import Node, graph_of
from orchard.nurture.types import BadProgram, Problem, UnknownProgram, VersionState
from orchard.segments import queries as segments
from orchard.team import queries as team


def check(values: Any) -> Document | list[Problem]:
    """Return the program that values spell, or all that is wrong with it, by the names this company knows."""
    return read(values, segments.known(), {each.email for each in team.active()})


def program_of(program_id: int) -> Program:
    """Return a program's row."""
    found = Program.objects.filter(id=program_id).first()
    if found is None:
        raise UnknownProgram("There is no such program.")
    return found


def live_versions() -> list[ProgramVersion]:
    """Return the live version of every program that has one, with its program."""
    rows = ProgramVersion.objects.filter(state=VersionState.LIVE).select_related("program")
    return list(rows.order_by("program", "id"))


def document_of(version: ProgramVersion) -> Document:
    """Return what a version says that is live, or was."""
    return _read(version.pk, str(version.live_at))


def graphs_of(version_ids: Iterable[int]) -> dict[int, tuple[ProgramVersion, dict[str, Node]]]:
    """Return these versions with their steps by place."""
    found = ProgramVersion.objects.filter(id__in=set(version_ids)).select_related("program")
    return {each.pk: (each, dict(graph_of(document_of(each)))) for each in found}


@lru_cache(maxsize=256)
def _read(version_id: int, _live_at: str) -> Document:
    found = read(ProgramVersion.objects.values_list("document", flat=True).get(id=version_id))
    if isinstance(found, Document):
        return found
    raise BadProgram(found)


def answered() -> dict[str, list[int]]:
    """Return the reasons of a return that live programs answer, each with their ids."""
    found: dict[str, list[int]] = {}
    for version in live_versions():
        for reason in document_of(version).audience.returned or ():
            found.setdefault(reason, []).append(version.program_id)
    return found
