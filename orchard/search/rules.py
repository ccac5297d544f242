"""Decides by which words a record is found, which keys forgive a typo, and how well a record fits what was typed.

A typo is one letter wrong, left out, put in, or two neighbours changed over. Words with digits forgive none: nobody can
tell a typo in a number from another number.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from orchard.contacts.types import name_key
from orchard.search.types import Fit, Match, Reading

# What parts an address, and sometimes a name.
_PARTS = re.compile(r"[.@_+\-]+")

# A word as it stands in a text that is shown.
_SHOWN = re.compile(r"[^\s.@_+\-]+")

# Of a word, this many first letters are kept, and all that is left of one letter more when one of these is missing: two
# beginnings that differ by one typo have one of these keys in common. The longer ones say more, the shorter ones serve
# who has typed little.
_SHORT, _LONG = 3, 4

# The fewest letters in which a typo is forgiven, and the most for which keys are kept.
LEAST, MOST = 3, 40

# The fewest letters on both sides of a space that may have been left out.
_LEAST_PART = (2, 3)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded as names are, each part of an address for itself."""
    return tuple(name_key(_PARTS.sub(" ", text)).split())


def read(text: str) -> Reading:
    """Read what somebody typed as it stands."""
    before, _, after = text.partition("@")
    words = words_of(before)
    return Reading((*words, *words_of(after)), len(words))


def words_of_names(names: Iterable[str | None]) -> set[str]:
    """Return the words by which names are found: `J.R. Tolkien` by `jr` as well as by `j`, `r` and `tolkien`."""
    found: set[str] = set()
    for name in filter(None, names):
        found.update(words_of(name))
        if not name.isalpha() and _PARTS.search(name):
            found.update(name_key(name).split())
    return found


def words_of_addresses(addresses: Iterable[str | None]) -> set[str]:
    """Return the words by which addresses and domains are found."""
    return {word for address in addresses if address for word in words_of(address)}


def parts(text: str, words: Collection[str]) -> list[tuple[str, bool]]:
    """Cut a text into parts, each with whether it is one of these words, so that a page can mark why it shows it."""
    found, last = [], 0
    for each in _SHOWN.finditer(text):
        if name_key(each[0]) in words:
            found += [(text[last : each.start()], False), (each[0], True)]
            last = each.end()
    return [part for part in (*found, (text[last:], False)) if part[0]]


def forgives(word: str) -> bool:
    """Tell whether a typo in this word is forgiven."""
    return LEAST <= len(word) <= MOST and word.isalpha()


def stored_keys(word: str) -> list[str]:
    """Return the keys under which a word is kept, so that whoever mistypes its beginning finds it."""
    return sorted({*_keys(word, _SHORT), *_keys(word, _LONG)})


def typed_keys(word: str) -> list[str]:
    """Return the keys under which to look for the words that somebody may have meant; none where none is forgiven."""
    if not forgives(word):
        return []
    return sorted(_keys(word, _LONG if len(word) > _LONG else _SHORT))


def _keys(word: str, size: int) -> set[str]:
    longer = word[: size + 1]
    return {word[:size], *(longer[:place] + longer[place + 1 :] for place in range(len(longer)))}


def is_near(written: str, word: str, *, whole: bool) -> bool:
    """Tell whether `written` is a word, or where not `whole` its beginning, but for one typo at most."""
    place, length = 0, len(written)
    shared = min(length, len(word))
    while place < shared and written[place] == word[place]:
        place += 1
    if place == length:
        return not whole or len(word) <= length + 1
    after = place + 1
    swapped = (
        after < length
        and after < len(word)
        and written[place] == word[after]
        and written[after] == word[place]
        and _goes_on(written, after + 1, word, after + 1, whole=whole)
    )
    return (
        swapped
        or (place < len(word) and _goes_on(written, after, word, after, whole=whole))
        or _goes_on(written, after, word, place, whole=whole)
        or _goes_on(written, place, word, after, whole=whole)
    )


def _goes_on(written: str, here: int, word: str, there: int, *, whole: bool) -> bool:
    rest = written[here:]
    return word[there:] == rest if whole else there <= len(word) and word.startswith(rest, there)


def readings(plain: Reading) -> Iterator[Reading]:
    """Yield the ways to read what was typed: as it stands, then with one space or dot left out or put in by mistake."""
    yield plain
    words, at = plain.words, plain.before_at
    for place, word in enumerate(words):
        for cut in range(_LEAST_PART[0], len(word) - _LEAST_PART[1] + 1):
            parts = (*words[:place], word[:cut], word[cut:], *words[place + 1 :])
            yield Reading(parts, at + (place < at), strict=place + 1, is_typo=True)
    for place in range(len(words) - 1):
        joined = (*words[:place], words[place] + words[place + 1], *words[place + 2 :])
        yield Reading(joined, at - (place < at), strict=place, is_typo=True)


def match(ways: Iterable[Reading], record: Collection[str], names: Collection[str]) -> Match | None:
    """Return how well a record with these words, some of its name, fits by the first way that does; None if none does.

    Which words of its name nobody asked for tells equals apart; where there is no name, all its words count.
    """
    return next((found for way in ways if (found := _match(way, record, names or record)) is not None), None)


def _match(way: Reading, record: Collection[str], names: Collection[str]) -> Match | None:
    cost, found = int(Fit.TYPO if way.is_typo else 0), []
    for place, word in enumerate(way.words):
        best = _strictly(word, record, whole=place < way.strict)
        if best is None and not way.is_typo:
            best = _nearly(word, record)
        if best is None:
            return None
        cost += best[0]
        found.append(best[1])
    return Match(cost, tuple(found), len(set(names).difference(found)))


def _strictly(word: str, record: Collection[str], *, whole: bool) -> tuple[int, str] | None:
    if word in record:
        return Fit.EXACT, word
    begun = [] if whole else [each for each in record if each.startswith(word)]
    return (Fit.BEGINS, min(begun)) if begun else None


def _nearly(word: str, record: Collection[str]) -> tuple[int, str] | None:
    if not forgives(word):
        return None
    near = [each for each in record if forgives(each) and is_near(word, each, whole=False)]
    whole = [each for each in near if is_near(word, each, whole=True)]
    if whole:
        return Fit.TYPO, min(whole)
    return (Fit.TYPO + Fit.BEGINS, min(near)) if near else None
