"""Decides what a file on a contact or an account is called, what it is by its first bytes, and whether it is kept."""

import re
import unicodedata

from orchard.contacts.rules.spelling import visible
from orchard.kit.errors import Refused

LARGEST_FILE = 20 * 2**20
MOST_FILES = 200
FILE_NAME_LENGTH = 200
FILE_WORDS_LENGTH = 500

NAMELESS = "file"
_LONGEST_ENDING = 12

# What browsers show by themselves without running it, by its first bytes: a name can say anything.
_SIGNS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"%PDF-\d"), "application/pdf"),
)
HEAD = 16
"""So many of its first bytes tell what a file is."""


def file_name(given: str) -> str:
    """Return the name by which a file is kept: one line without folders and unseen signs; too long, its end stays."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    # A mark that turns the direction of writing would let `fdp.exe` be read as `exe.pdf`.
    name = _line(visible(last)).strip(". ") or NAMELESS
    stem, dot, ending = name.rpartition(".")
    if len(name) > FILE_NAME_LENGTH and dot and len(ending) <= _LONGEST_ENDING:
        return f"{stem[: FILE_NAME_LENGTH - len(ending) - 1]}.{ending}"
    return name[:FILE_NAME_LENGTH]


def file_words(given: str) -> str:
    """Return the word about a file as it is kept, in one line; refuse one that is too long."""
    words = _line(given)
    if len(words) > FILE_WORDS_LENGTH:
        raise Refused(
            "Of a file at most {n} characters are said. Leave something out.", n=FILE_WORDS_LENGTH
        ).at("words")
    return words


def media_of(head: bytes) -> str:
    """Return what a browser may show of a file that begins so; empty where it shall only be saved."""
    return next((media for sign, media in _SIGNS if sign.match(head)), "")


def ending_of(name: str) -> str:
    """Return the ending of a name in capitals, as `PDF`; empty where it has none that tells anything."""
    _, dot, ending = name.rpartition(".")
    return ending.upper() if dot and ending.isalnum() and len(ending) <= _LONGEST_ENDING else ""


def size_problem(name: str, size: int) -> Refused | None:
    """Return why a file of this size is not kept; None where it is."""
    if not size:
        return Refused("“{name}” is empty: there is nothing in it to keep.", name=name)
    if size > LARGEST_FILE:
        return Refused(
            "“{name}” has {size:,.1f} MB; a file has at most {most} MB. Make it smaller, or write a note that says "
            "where it lies.",
            name=name,
            size=size / 2**20,
            most=LARGEST_FILE // 2**20,
        )
    return None


def _line(text: str) -> str:
    """Return a text in one line, without signs that cannot be shown."""
    shown = (sign for sign in text if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cs"))
    return " ".join("".join(shown).split())
