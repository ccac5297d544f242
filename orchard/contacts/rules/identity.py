"""Decides whose a row of data is, by what names exactly one person: an address, an id elsewhere, a profile.

Rows are judged one after the other, as if each had come alone: what a row claims belongs to its owner for the rows
after it. So a batch means the same as its rows one by one, and the same batch again means nothing new.
Nothing here ever makes two known people one: a row that names two of them is refused with the reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Key = tuple[str, ...]
"""`("email", normal)`, `("linkedin", slug)` or `("id", source, value)`."""

_NO_KEY = "The row has no e-mail address, id or LinkedIn profile by which the person could be known again. Map one of them."


class Verdict(NamedTuple):
    """Whose a row is: a contact's id, a negative number for a new person of this batch, or 0 and the reason."""

    owner: int
    is_first: bool = False
    reason: str = ""


@dataclass(slots=True)
class Claim:
    """What is taken: the owner of each key, and which sources an owner already has an id in."""

    owners: dict[Key, int]
    has_id_in: set[tuple[int, str]] = field(default_factory=set)
    new: int = 0


def assign(rows: Iterable[Sequence[Key]], claim: Claim) -> list[Verdict]:
    """Return a verdict for the keys of each row, and note in `claim` what the rows took."""
    return [_judge(keys, claim) for keys in rows]


def _judge(keys: Sequence[Key], claim: Claim) -> Verdict:
    owners = claim.owners
    owner = 0
    for key in keys:
        known = owners.get(key, 0)
        if known and owner and known != owner:
            return Verdict(0, reason=_clash(keys, owners))
        owner = known or owner
    if owner:
        return _join(keys, owner, claim)
    if not keys:
        return Verdict(0, reason=_NO_KEY)
    claim.new -= 1
    _take(keys, claim.new, claim)
    return Verdict(claim.new, is_first=True)


def _join(keys: Sequence[Key], owner: int, claim: Claim) -> Verdict:
    fresh = [key for key in keys if key not in claim.owners]
    for key in fresh:
        if key[0] == "id" and (owner, key[1]) in claim.has_id_in:
            named = next(each for each in keys if each in claim.owners)
            return Verdict(
                0,
                reason=f"{_words(named)} belongs to somebody who has another id in {key[1]} than “{key[2]}”. "
                "Two people seem to share it: correct the row or add the person by hand.",
            )
    if fresh:
        _take(fresh, owner, claim)
    return Verdict(owner)


def _take(keys: Sequence[Key], owner: int, claim: Claim) -> None:
    for key in keys:
        claim.owners[key] = owner
        if key[0] == "id":
            claim.has_id_in.add((owner, key[1]))


def _clash(keys: Sequence[Key], owners: dict[Key, int]) -> str:
    first = next(key for key in keys if key in owners)
    other = next(key for key in keys if key in owners and owners[key] != owners[first])
    return (
        f"{_words(first)} and {_words(other)[0].lower()}{_words(other)[1:]} belong to two different people. "
        "Correct the row, or merge the two first."
    )


def _words(key: Key) -> str:
    if key[0] == "email":
        return f"The address {key[1]}"
    if key[0] == "linkedin":
        return f"The LinkedIn profile {key[1]}"
    return f"The {key[1]} id “{key[2]}”"
