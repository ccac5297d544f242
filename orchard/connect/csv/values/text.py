"""Reads plain text, yes and no, and names of countries."""

import json
import re
import unicodedata
from typing import Any

from orchard.connect.csv.types import Cell, Unreadable
from orchard.contacts.types import visible
from orchard.kit.words import Phrase

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u2060\ufeff\ud800-\udfff]+")
_BLANKS = re.compile(r"\s+")
_TRUE = frozenset({"yes", "y", "true", "on", "1", "t", "checked", "ja", "oui", "si", "sí", "sim"})
_FALSE = frozenset({"no", "n", "false", "off", "0", "f", "unchecked", "nein", "non", "não"})
_LONGEST_ID = 200
_DAMAGED_ID = re.compile(r"\d(?:[.,]\d+)?E\+\d+")

_COUNTRIES = {
    "AR": "argentina",
    "AT": "austria|österreich|oesterreich|autriche",
    "AU": "australia",
    "BE": "belgium|belgien|belgique|belgië",
    "BR": "brazil|brasil|brasilien",
    "CA": "canada|kanada",
    "CD": "congo, democratic republic of the|congo, the democratic republic of the",
    "CH": "switzerland|schweiz|suisse|svizzera",
    "CL": "chile",
    "CN": "china|people's republic of china|prc",
    "CO": "colombia",
    "CZ": "czech republic|czechia|česko|česká republika|tschechien",
    "DE": "germany|deutschland|allemagne|alemania",
    "DK": "denmark|danmark|dänemark",
    "EG": "egypt",
    "ES": "spain|españa|espana|spanien|espagne",
    "FI": "finland|suomi|finnland",
    "FR": "france|frankreich|francia",
    "GB": "united kingdom|great britain|uk|england|scotland|wales|u.k.|grossbritannien|großbritannien",
    "GR": "greece|griechenland",
    "HK": "hong kong",
    "HR": "croatia|hrvatska|kroatien",
    "HU": "hungary|magyarország|ungarn",
    "ID": "indonesia",
    "IE": "ireland|irland",
    "IL": "israel",
    "IN": "india|indien",
    "IT": "italy|italia|italien|italie",
    "JP": "japan|日本",
    "KR": "south korea|korea, republic of|republic of korea",
    "LU": "luxembourg|luxemburg",
    "MX": "mexico|méxico|mexiko",
    "MY": "malaysia",
    "NL": "netherlands|the netherlands|nederland|niederlande|holland|pays-bas",
    "NO": "norway|norge|norwegen",
    "NZ": "new zealand|neuseeland",
    "PE": "peru|perú",
    "PH": "philippines",
    "PL": "poland|polska|polen|pologne",
    "PT": "portugal",
    "RO": "romania|românia|rumänien",
    "RS": "serbia|srbija|serbien",
    "RU": "russia|russian federation|russland",
    "SA": "saudi arabia",
    "SE": "sweden|sverige|schweden",
    "SG": "singapore|singapur",
    "SI": "slovenia|slovenija|slowenien",
    "SK": "slovakia|slovensko|slowakei",
    "TH": "thailand",
    "TR": "turkey|türkiye|türkei",
    "TW": "taiwan",
    "UA": "ukraine",
    "US": "united states|united states of america|usa|u.s.a.|u.s.|estados unidos|vereinigte staaten",
    "VN": "vietnam|viet nam",
    "ZA": "south africa|südafrika",
}
_CODES = {name: code for code, names in _COUNTRIES.items() for name in names.split("|")}


def plain(cell: Cell) -> str:
    """Return a cell as text: a worksheet's whole number without decimals, no space around."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def line(text: str, longest: int) -> str:
    """Return a text of one line: what nobody sees is gone, line breaks and runs of blanks are one space."""
    if text.isprintable() and len(text) <= longest:
        return text
    if not text.isprintable():
        text = _BLANKS.sub(" ", visible(_CONTROLS.sub("", text))).strip()
    return _short_enough(text, longest)


def paragraph(text: str, longest: int) -> str:
    """Return a text that may have several lines, without control characters."""
    return _short_enough(_CONTROLS.sub("", text).strip(), longest)


def _short_enough(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Unreadable(
            Phrase("the text has {length} characters; {longest} fit", length=len(text), longest=longest)
        )
    return text


def yes_or_no(text: str) -> bool:
    """Read yes and no as Salesforce's loader does (yes, y, true, on, 1 and their opposites), and a few languages."""
    word = text.casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise Unreadable(Phrase("{text} is neither yes nor no", text=repr(text)))


def says_no(folded: str) -> bool:
    """Whether a casefolded word is a no."""
    return folded in _FALSE


def identifier(text: str) -> str:
    """Return an id of another system; one that a spreadsheet has cut (3.98E+10) is refused."""
    if text.isalnum() and len(text) <= _LONGEST_ID:
        return text
    if _DAMAGED_ID.fullmatch(text):
        raise Unreadable(
            Phrase(
                "{text} is an id that a spreadsheet has shortened; export the file again as text",
                text=repr(text),
            )
        )
    return line(text, _LONGEST_ID)


def country(text: str) -> str:
    """Return the ISO 3166 code of a country where it is obvious, else the text as it stands."""
    if len(text) == 2 and text.isascii() and text.isalpha():  # noqa: PLR2004 - a code already
        return text.upper()
    folded = unicodedata.normalize("NFC", text).casefold()
    return _CODES.get(folded) or line(text, 60)


def inside_json(text: str, key: str) -> str:
    """Return what stands under a key (`a.b` for nested ones) in a cell that holds JSON; "" where it is not there."""
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("the cell holds no JSON") from None
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is None or isinstance(value, dict | list):
        return ""
    return plain(value)
