"""Decides what a note may say, and which members it names."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from orchard.kit.errors import Refused
from orchard.tasks.types import NOTE_LENGTH


def text_of(words: str) -> str:
    """Return the words of a note as they are kept, or refuse them: lines stay, what cannot be seen goes."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(
        letter for letter in lines if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs")
    ).strip()
    if not text:
        raise Refused("Write something: the note is empty.").at("words")
    if len(text) > NOTE_LENGTH:
        raise Refused(
            "A note has at most {at_most} characters; this one has {length}.",
            at_most=NOTE_LENGTH,
            length=len(text),
        ).at("words")
    return text


def handles(members: Sequence[tuple[int, str, str]]) -> dict[int, str]:
    """Return by which words each member (id, name, address) is named: the name, with the address where two share it."""
    often = Counter(name.casefold() for _id, name, _address in members)
    return {
        identity: name if often[name.casefold()] == 1 else f"{name} ({address})"
        for identity, name, address in members
    }


def mentioned(text: str, known: Mapping[int, str]) -> frozenset[int]:
    """Return whom of the `known` (by their handles) a text names behind an @; of two that fit, the longer one."""
    folded = text.casefold()
    by_length = sorted(
        ((handle.casefold(), identity) for identity, handle in known.items() if handle),
        key=lambda each: -len(each[0]),
    )
    found, at = set(), folded.find("@")
    while at != -1:
        rest = folded[at + 1 :]
        for handle, identity in by_length:
            ends = rest[len(handle) : len(handle) + 1]
            if rest.startswith(handle) and not ends.isalnum():
                found.add(identity)
                break
        at = folded.find("@", at + 1)
    return frozenset(found)
