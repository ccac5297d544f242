"""A language in which nothing that was translated reads as English, and what of a page still does.

Every translated text comes back in wide letters, its places for values, tags and entities left as they are; so whatever
stands on a page in plain letters was put there untranslated, or is a value: what somebody wrote or is called.
"""

import json
import re
from contextlib import contextmanager
from html.parser import HTMLParser

from django.db import connection
from django.utils import translation
from django.utils.translation import trans_real

from orchard.kit import languages

_KEPT = re.compile(r"(%\(\w+\)s\.\w+\.(?=%)|%\(\w+\)[sdf]|%[sdf%]|\{[^{}]*\}|<[^>]*>|&#?\w+;)")
_WIDE = {
    **{ord("a") + place: 0xFF41 + place for place in range(26)},
    **{ord("A") + place: 0xFF21 + place for place in range(26)},
}
_WORD = re.compile(r"[^\W_]+")
_PLAIN = re.compile(r"[A-Za-z]{3,}")
_SILENT = {"script", "style", "code", "pre", "kbd", "time", "textarea", "svg"}
_EMPTY = {"input", "br", "hr", "img", "meta", "link", "col", "source", "wbr", "base", "area", "use", "path"}
_SAID_BY = ("title", "aria-label", "aria-description", "placeholder", "alt", "data-confirm", "data-words")
_CODE = re.compile(r"[a-z][a-z0-9_.:-]*")
_CODES = re.compile(r"`[^`]+`|\{[^{}]*\}|\b[a-z0-9]+(?:[._:][a-z0-9]+)+\b|(?<!\w)(?:/[\w.-]+)+")
"""Codes as documents, programs and files write them, which are the same in every language."""
_NAMES = {"name", "code", "source", "value", "file_name", "normal", "email", "prefix"}
"""Columns in which even what looks like a code of ours was written by somebody."""


def wide(text):
    """Return a text in wide letters."""
    pieces = _KEPT.split(str(text))
    return "".join(piece if place % 2 else piece.translate(_WIDE) for place, piece in enumerate(pieces))


@contextmanager
def wide_language(monkeypatch):
    """Let everything that Django translates come back in wide letters; gives the texts that were asked for."""
    there, asked = translation._trans, set()

    def one(text):
        asked.add(str(text))
        return wide(text)

    def counted(single, many, number):
        asked.add(str(single))
        return wide(single if number == 1 else many)

    with monkeypatch.context() as patch:
        for name, said in {
            "gettext": one,
            "pgettext": lambda _context, text: one(text),
            "ngettext": counted,
            "npgettext": lambda _context, *texts: counted(*texts),
        }.items():
            patch.setattr(there, name, said, raising=False)
        patch.setattr(languages, "_day", languages._day.__wrapped__)  # days written before are kept
        yield asked


def in_catalogue(language):
    """Return every text that the catalogues have in a language, Django's own among them."""
    known = trans_real.translation(language)._catalog.keys()
    return {(each[0] if isinstance(each, tuple) else each).rpartition("\x04")[2] for each in known}


class _Texts(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.texts, self._open = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        self.texts += [at[name] for name in _SAID_BY if at.get(name)]
        if tag == "input" and at.get("type") in ("submit", "button", "reset") and at.get("value"):
            self.texts.append(at["value"])
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data):
        if not _SILENT & set(self._open) and data.strip():
            self.texts.append(" ".join(data.split()))


def texts_of(page):
    """Return what a page shows and what it reads out, text by text."""
    return _Texts(page).texts


class Data:
    """What stands in the database as somebody wrote it, and what else is no sentence of ours."""

    def __init__(self, more=()):
        """Read every text of every table; what is written like a code of ours is no text."""
        self._known = {}
        for value in {*_stored(), *more}:
            words = tuple(_WORD.findall(_CODES.sub(" ", value)))
            if words:
                self._known.setdefault(words[0], set()).add(words)

    def left(self, text):
        """Return the plain words of a text that are no data."""
        words, place, found = _WORD.findall(_CODES.sub(" ", text)), 0, []
        while place < len(words):
            fits = [
                len(each)
                for each in self._known.get(words[place], ())
                if tuple(words[place : place + len(each)]) == each
            ]
            if fits:
                place += max(fits)
                continue
            if _PLAIN.fullmatch(words[place]):
                found.append(words[place])
            place += 1
        return found


def _stored():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
            " AND (data_type IN ('text', 'character varying', 'jsonb', 'json', 'inet')"
            " OR data_type = 'ARRAY' AND udt_name IN ('_text', '_varchar'))"
        )
        for table, column, sort in cursor.fetchall():
            cursor.execute(f'SELECT DISTINCT "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL')
            for (text,) in cursor.fetchall():
                for value in _leaves(json.loads(text)) if sort.startswith("json") else [text]:
                    if column in _NAMES or not _CODE.fullmatch(value):
                        yield value


def _leaves(value):
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return [value] if isinstance(value, str) else []
    return [leaf for each in value for leaf in _leaves(each)]
