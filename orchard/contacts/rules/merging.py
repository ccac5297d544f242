"""Decides what a merge fills in, and what its undoing gives back."""

from collections.abc import Mapping
from typing import Any

FILLED = (
    "full_name",
    "first_name",
    "last_name",
    "title",
    "seniority",
    "department",
    "country",
    "city",
    "language",
    "time_zone",
    "is_competitor",
    "account_id",
    "owner_id",
)
"""Fields that an empty survivor takes from the loser. A LinkedIn profile stays where it is: it is read through."""

_NAMES = frozenset({"full_name", "first_name", "last_name"})

Values = Mapping[str, Any]


def fills(survivor: Values, loser: Values) -> dict[str, Any]:
    """Return the values that the survivor lacks and the loser has. Names go together: nobody gets half a name."""
    names_stay = any(survivor.get(name) is not None for name in _NAMES)
    return {
        name: value
        for name, value in loser.items()
        if value is not None and survivor.get(name) is None and not (names_stay and name in _NAMES)
    }


def conflicts(survivor: Values, loser: Values) -> dict[str, tuple[Any, Any]]:
    """Return where both say something and disagree, as (survivor's, loser's); the survivor's stays."""
    return {
        name: (survivor[name], value)
        for name, value in loser.items()
        if value is not None and survivor.get(name) is not None and survivor[name] != value
    }


def gives_back(filled: Values, today: Values) -> tuple[list[str], list[str]]:
    """Return which filled fields become empty again, and which were changed since and therefore stay."""
    unchanged = [name for name, value in filled.items() if today.get(name) == value]
    return unchanged, [name for name in filled if name not in unchanged]
