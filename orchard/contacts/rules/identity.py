"""Decides whose a row of data is, by what names exactly one person: an address, an id elsewhere, a profile.

Rows are judged one after the other, as if each had come alone: what a row claims belongs to its owner for the
rows after it. So a batch means the same as its rows one by one, and the same batch again means nothing new.
Nothing here ever makes two known people one: a row that names two of them is refused with the reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from orchard.kit.words import Phrase, marked

Key = str | tuple[str, str]
"""An address in normal form (it holds an @), a LinkedIn slug (it holds none), or (source, value) of an id."""

_AT_FRONT = (
    marked("The {source} id “{value}”"),
    marked("The address {key}"),
    marked("The LinkedIn profile {key}"),
)
"""What a key is called where a sentence begins with it."""

_INSIDE = (
    marked("the {source} id “{value}”"),
    marked("the address {key}"),
    marked("the LinkedIn profile {key}"),
)

_NO_KEY = marked(
    "The row has no e-mail address, id or LinkedIn profile by which the person could be known "
    "again. Map one of them."
)


class Verdict(NamedTuple):
    """Whose a row is: a contact's id, a negative number for a new person of this batch, or 0 and the reason."""

    owner: int
    is_first: bool = False
    reason: str = ""


@dataclass(slots=True)
class Claim:
    """What is taken: the owner of each key, and in which sources an owner has an id already."""

    owners: dict[Key, int]
    has_id_in: set[tuple[int, str]] = field(default_factory=set)
    new: int = 0


def assign(rows: Iterable[Sequence[Key]], claim: Claim) -> list[Verdict]:
    """Return a verdict for the keys of each row, and note in `claim` what the rows took."""
    return [_judge(keys, claim) for keys in rows]


def _judge(keys: Sequence[Key], claim: Claim) -> Verdict:
    owners = claim.owners
    owner = unknown = 0
    for key in keys:
        known = owners.get(key)
        if known is None:
            unknown += 1
        elif owner and known != owner:
            return Verdict(0, reason=_clash(keys, owners))
        else:
            owner = known
    if owner:
        return _join(keys, owner, claim) if unknown else Verdict(owner)
    if not keys:
        return Verdict(0, reason=_NO_KEY)
    claim.new -= 1
    _take(keys, claim.new, claim)
    return Verdict(claim.new, is_first=True)


def _join(keys: Sequence[Key], owner: int, claim: Claim) -> Verdict:
    fresh = [key for key in keys if key not in claim.owners]
    for key in fresh:
        if isinstance(key, tuple) and (owner, key[0]) in claim.has_id_in:
            shared = _words(next(each for each in keys if each in claim.owners))
            return Verdict(
                0,
                reason=Phrase(
                    "{shared} belongs to somebody who has another id in {source} than “{value}”. Two people seem to "
                    "share it: correct the row or add the person by hand.",
                    shared=shared,
                    source=key[0],
                    value=key[1],
                ),
            )
    _take(fresh, owner, claim)
    return Verdict(owner)


def _take(keys: Sequence[Key], owner: int, claim: Claim) -> None:
    for key in keys:
        claim.owners[key] = owner
        if isinstance(key, tuple):
            claim.has_id_in.add((owner, key[0]))


def _clash(keys: Sequence[Key], owners: dict[Key, int]) -> str:
    known = [key for key in keys if key in owners]
    other = next(key for key in known if owners[key] != owners[known[0]])
    return Phrase(
        "{one} and {other} belong to two different people. Correct the row, or merge the two first.",
        one=_words(known[0]),
        other=_words(other, inside=True),
    )


def _words(key: Key, *, inside: bool = False) -> Phrase:
    id_, address, profile = _INSIDE if inside else _AT_FRONT
    if isinstance(key, tuple):
        return Phrase(id_, source=key[0], value=key[1])
    return Phrase(address if "@" in key else profile, key=key)
