"""Which saved conditions there are, and what a condition means that names some of them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from orchard.agreement import queries as agreement
from orchard.engine.conditions import Condition, read, validate
from orchard.engine.types import Catalogue, Problem
from orchard.kit import once
from orchard.kit.errors import Refused
from orchard.kit.words import Phrase
from orchard.segments import rules
from orchard.segments.models import Segment
from orchard.segments.types import Definition, Definitions


def definitions() -> Definitions:
    """Return every saved condition by its code, those put away too."""
    rows = Segment.objects.order_by("id").values_list(
        "id", "code", "name", "revision", "condition", "archived_at"
    )
    return {
        code: Definition(number, code, name, revision, _read(json.dumps(condition)), archived is not None)
        for number, code, name, revision, condition, archived in once.asked("segments", lambda: list(rows))
    }


@lru_cache(maxsize=1_024)
def _read(text: str) -> Condition:
    return read(json.loads(text))


def named(condition: Condition) -> list[str]:
    """Return the codes of the segments that a condition names."""
    return rules.named(condition)


def known() -> Catalogue:
    """Return the names that a condition of this company may use outside the agreement: its segments too."""
    rows = Segment.objects.filter(archived_at__isnull=True).order_by("name").values_list("code", "name")
    named_so = once.asked("segments.names", lambda: dict(rows))
    return replace(agreement.known(), segments=named_so)


def expanded(condition: Condition, saved: Definitions | None = None) -> Condition:
    """Return a condition with what each segment says in the place of its name.

    Raises `Refused` where it names one that was never there.
    """
    if not rules.named(condition):
        return condition
    there = definitions() if saved is None else saved

    def of(code: str) -> Condition:
        if code not in there:
            raise Refused("There is no segment `{code}`.", code=code)
        return there[code].condition

    return rules.expanded(condition, of)


def problems_of_use(
    condition: Condition, names: Catalogue, saved: Definitions | None = None
) -> list[Problem]:
    """Return all that is wrong with a condition that may name segments, as it stands and with what they say."""
    if found := validate(condition, names):
        return found
    if not rules.named(condition):
        return []
    inner = validate(expanded(condition, saved), names, allow_segment=False)
    return [
        Problem("", Phrase("With what its segments say: {sentence}", sentence=Phrase(each.sentence)))
        for each in inner[:1]
    ]


def holding(
    conditions: Sequence[Condition], contact_ids: Collection[int], *, now: datetime
) -> dict[int, tuple[bool, ...]]:
    """Return for each of these living contacts which conditions hold, as the agreement tells, segments included."""
    return agreement.holding([expanded(each) for each in conditions], contact_ids, now=now)
