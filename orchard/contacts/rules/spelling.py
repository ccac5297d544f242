"""Decides when two spellings mean the same address, phone, profile, company or person.

Every function here is pure and idempotent: a key put in again comes out as it is. The e-mail and company
functions have a fast path, because an import asks them for every row.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from orchard.contacts.rules.words import ARTICLES, BETWEEN_LEGAL_FORMS, FREE_MAIL_DOMAINS, LEGAL_FORMS, TITLES

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PLAIN_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9]))")
_PLAIN_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, less the two brackets
_LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1

_PROFILE = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]+\.)*linkedin\.com/(?:mwlite/)?(?:in|pub)/([^/?#]+)", re.IGNORECASE
)
_SLUG = re.compile(r"(?:[a-z0-9_-]|[^\x00-\x7f\s]){2,200}")

# Letters that Unicode does not decompose into a base letter and a mark.
_SAME_LETTER = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
_JOINED_INITIALS = re.compile(r"\b(\w)/(\w)\b")

# Marks that show nothing themselves: they turn the direction of what stands around them, or hide between letters.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]+"
)
# Arabic, Indian and other scripts, and emoji, need joiners behind their signs; Latin letters do not.
_NEEDLESS_JOINERS = re.compile("(?<![^\x00-\u036f])[\u200c\u200d]+")
_APOSTROPHES = re.compile(r"[.'\u2019`\u00b4]")
_NOT_A_WORD = re.compile(r"[\W_]+")


def visible(text: str) -> str:
    """Return a name, title or other short text without what nobody sees in it; joiners stay where scripts need them."""
    return text if text.isprintable() else _NEEDLESS_JOINERS.sub("", _UNSEEN.sub("", text))


def normal_email(text: str) -> str | None:
    """Return the address by which a mailbox is known, or None where the text is no e-mail address.

    Case, surrounding space, `mailto:` and angle brackets do not count; a domain in another script is the same
    as its ASCII form (RFC 5891). Dots and plus-tags do count: only some providers ignore them.
    """
    address = text.strip().lower()
    if (found := _PLAIN_ADDRESS.fullmatch(address)) is None:
        return _unusual_email(address)
    fits = len(address) <= _LONGEST_ADDRESS and len(found[1]) <= _LONGEST_LOCAL_PART
    return address if fits else None


@lru_cache(maxsize=4096)
def _unusual_email(address: str) -> str | None:
    bare = visible(address).removeprefix("mailto:").strip()
    if bare.endswith(">") and "<" in bare:
        bare = bare[bare.rindex("<") + 1 : -1].strip()
    if bare != address:
        return normal_email(bare)
    if address.isascii():
        return None
    try:
        valid = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    local = unicodedata.normalize("NFC", valid.local_part.lower())
    return f"{local}@{valid.ascii_domain}" if valid.ascii_domain else None


@lru_cache(maxsize=65_536)
def normal_phone(text: str, country: str | None) -> str | None:
    """Return the number in E.164 form (`+4315551234`), or None where it cannot be dialled from abroad.

    `country` is the ISO 3166 code that a number without a country code belongs to. An extension is kept as
    `;ext=12` (RFC 3966), since two people may share a switchboard.
    """
    written = text.strip()
    if written.startswith("00"):
        written = "+" + written[2:]
    try:
        number = phonenumbers.parse(written, country.upper() if country else None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{dialled};ext={number.extension}" if number.extension else dialled


def linkedin_slug(text: str) -> str | None:
    """Return the name of a LinkedIn profile, out of its address in any spelling or out of the bare name."""
    written = visible(text).strip()
    profile = _PROFILE.match(written)
    name = profile[1] if profile else written
    slug = unicodedata.normalize("NFC", unquote(name).lower())
    return slug if _SLUG.fullmatch(slug) else None


def domain_of(text: str) -> str | None:
    """Return the bare domain of a web address, an e-mail address or a domain (`acme.at`), or None."""
    host = text.strip().lower()
    if "@" in host:
        host = host.rsplit("@", 1)[1]
    host = host.split("://", 1)[-1].split("/", 1)[0].split("?", 1)[0].split("#", 1)[0].split(":", 1)[0]
    host = host.rstrip(".")
    while host.startswith("www."):
        host = host[4:]
    if not host.isascii():
        address = _unusual_email(f"a@{host}")
        host = address[2:] if address else host
    return host if _PLAIN_DOMAIN.fullmatch(host) else None


def company_domain(text: str) -> str | None:
    """Return the domain that names a company, or None for a mailbox at a free provider."""
    domain = domain_of(text)
    return None if domain in FREE_MAIL_DOMAINS else domain


@lru_cache(maxsize=65_536)
def company_key(text: str) -> str:
    """Return a company's name without case, accents, punctuation, leading article and legal form.

    A name that is nothing but a legal form keeps its first word, so that only an empty name has an empty key.
    """
    words = _words(text.replace("&", " and ").replace("+", " and "))
    while len(words) > 1 and _drops_at_end(words):
        words.pop()
    while len(words) > 1 and words[0] in ARTICLES:
        del words[0]
    return " ".join(words)


def _drops_at_end(words: list[str]) -> bool:
    return words[-1] in LEGAL_FORMS or words[-1] in BETWEEN_LEGAL_FORMS


def person_key(name: str) -> str:
    """Return a person's name without case, accents, titles and order (`Dr. Lee, Anna` = `anna lee`)."""
    return name_keys(name)[1]


def name_key(name: str) -> str:
    """Return a name as it is searched and sorted: plain lower-case words in the order written."""
    return " ".join(_words(name))


def name_keys(name: str) -> tuple[str, str]:
    """Return `name_key` and `person_key` of a name at once."""
    words = _words(name)
    named = [word for word in words if word not in TITLES]
    return " ".join(words), " ".join(sorted(named or words))


def full_name(first: str | None, last: str | None) -> str | None:
    """Return the name made of its two parts, or None where both are missing."""
    return " ".join(part for part in (first, last) if part) or None


def _words(text: str) -> list[str]:
    if text.isascii():
        plain = text.lower()
        words = plain.split()
        if "".join(words).isalnum():
            return words
    else:
        plain = _unaccented(text)
    if "/" in plain:
        plain = _JOINED_INITIALS.sub(r"\1\2", plain)
    return _NOT_A_WORD.sub(" ", _APOSTROPHES.sub("", plain)).split()


def _unaccented(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_SAME_LETTER)
    return "".join(mark for mark in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(mark))
