"""Reads addresses, phone numbers and profiles by the rules of identity that the contacts room has."""

import re

from orchard.connect.csv.types import Email, Phone, Unreadable
from orchard.connect.csv.values.text import line
from orchard.contacts.types import domain_of, linkedin_slug, normal_email, normal_phone, visible
from orchard.kit.words import Phrase

_BETWEEN = re.compile(r"[;,|\s]+")
_PHONES_BETWEEN = re.compile(r"\s*(?:[;|\n]|:::)\s*")


def emails(text: str) -> list[Email]:
    """Return the address, or several addresses, that a cell holds; one that is none refuses the row."""
    text = visible(text)
    normal = normal_email(text)
    if normal is not None:
        return [Email(text, normal)]
    parts = [part for part in _BETWEEN.split(text) if part]
    if len(parts) < 2 or not all("@" in part for part in parts):  # noqa: PLR2004 - not a list
        raise Unreadable(Phrase("{line} is no e-mail address", line=repr(line(text, 1000)[:80])))
    return [found for part in parts for found in emails(part)]


def phones(text: str, country: str | None, label: str) -> list[Phone]:
    """Return the numbers that a cell holds; one that cannot be dialled is kept as it is spelt."""
    return [
        Phone(typed, normal_phone(typed, country), label)
        for typed in (line(part, 60) for part in _PHONES_BETWEEN.split(text))
        if typed
    ]


def at_home(phone: Phone, country: str) -> Phone:
    """Return the number as it is dialled in the person's own country, where that gives one."""
    return phone._replace(normal=normal_phone(phone.typed, country)) if len(country) == 2 else phone  # noqa: PLR2004


def profile(text: str) -> str:
    """Return the name of a LinkedIn profile."""
    slug = linkedin_slug(text)
    if slug is None:
        raise Unreadable(Phrase("{line} is no LinkedIn profile", line=repr(line(text, 1000)[:80])))
    return slug


def domain(text: str) -> str:
    """Return the bare domain of a web address."""
    found = domain_of(text)
    if found is None:
        raise Unreadable(Phrase("{line} is no web address", line=repr(line(text, 1000)[:80])))
    return found
