"""In which stage contacts are, since when, how often they came back, and what the agreement calls it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from orchard.agreement.queries.terms import in_force
from orchard.agreement.rules import Standing
from orchard.agreement.types import STAGE_NUMBERS, Document
from orchard.agreement.words import usual_stages
from orchard.interactions.types import Fact
from orchard.kit import once

_DECIDED = """
SELECT v.qualified, v.score_at, s.stage, s.basis, s.since, s.rounds, s.unaided
  FROM (SELECT %s::bigint AS contact_id) asked
  LEFT JOIN verdict v USING (contact_id) LEFT JOIN stage s USING (contact_id)
"""


@dataclass(frozen=True, slots=True)
class StageShown:
    """The stage of a contact, by its name and by the word that the agreement in force has for it."""

    contact_id: int
    stage: str
    label: str
    since: datetime | None
    """None for a mere contact, who is one since it became known."""
    rounds: int


def stage_labels(document: Document | None = None) -> dict[str, str]:
    """Return the word for each stage, in the order of the lifecycle.

    It is the own word of the agreement in force, or of `document`, where that has one.
    """
    force = None if document else in_force()
    document = force.document if force else document
    own = {str(stage): word for stage, word in document.stages.items()} if document else {}
    return {**usual_stages(), **own}


def stages_entered(facts: Iterable[Fact]) -> dict[int, str]:
    """Return the word for the stage that each `stage.entered` among these facts tells of, by the fact's id."""
    told = {fact.id: fact.subject_id for fact in facts if fact.kind == "stage.entered"}
    if not told:
        return {}
    labels = stage_labels()
    words = {number: labels[name] for name, number in STAGE_NUMBERS.items()}
    return {fact: words[number] for fact, number in told.items() if number in words}


def stages_of(contact_ids: Collection[int]) -> dict[int, StageShown]:
    """Return the stage of each of these living contacts."""
    labels, known = stage_labels(), standings(contact_ids)
    return {
        contact: StageShown(contact, each.stage, labels[each.stage], each.since, each.rounds)
        if (each := known.get(contact))
        else StageShown(contact, "contact", labels["contact"], None, 0)
        for contact in contact_ids
    }


def stage_of(contact_id: int) -> StageShown:
    """Return the stage of a living contact."""
    return stages_of([contact_id])[contact_id]


def standings(contact_ids: Collection[int]) -> dict[int, Standing]:
    """Return where these contacts are as it is stored; who is absent is a mere contact."""
    return once.each("stage", contact_ids, _standings)


def decided_and_staged(contact_id: int) -> tuple[bool, datetime] | None:
    """Return what the last assessment decided of a contact, and when; its stage is read beside, and is kept."""
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, [contact_id])
        qualified, at, *standing = cursor.fetchone()
    once.keep_each("stage", {contact_id: Standing(*standing) if standing[0] else None})
    return None if at is None else (qualified, at)


def _standings(contact_ids: Collection[int]) -> dict[int, Standing]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id, stage, basis, since, rounds, unaided FROM stage WHERE contact_id = ANY (%s)",
            [list(contact_ids)],
        )
        return {contact: Standing(*row) for contact, *row in cursor.fetchall()}
