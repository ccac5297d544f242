"""What things of several sorts are called, in one question: rooms say where the names of theirs stand."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast


@dataclass(frozen=True, slots=True)
class Named:
    """Things of one sort that are asked for: `rows` of a table, whose field `name` says what each is called."""

    sort: str
    rows: "QuerySet[Any, Any]"
    name: str = "name"


def names(asked: Collection[Named]) -> dict[str, dict[int, str]]:
    """Return the names of the things asked for by sort and id; what is not there is absent."""
    found: dict[str, dict[int, str]] = {each.sort: {} for each in asked}
    first, *others = [
        each.rows.order_by().values_list(Value(each.sort), "pk", Cast(each.name, CharField()))
        for each in asked
    ]
    for sort, identity, name in first.union(*others, all=True):
        found[sort][identity] = name
    return found
