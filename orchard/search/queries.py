"""What is found by words: people, accounts and campaigns, the best first.

Words are looked for in three steps, each only while fewer than asked for are found: as they stand, as beginnings, and
forgiving one typo. The index holds every word with the records that have it, so what several words have in common is
told before a record is read; words that most records have are only looked at in what the others leave.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.contacts.queries import AccountWish
from orchard.search import rules
from orchard.search.types import Found, Group, Hit, Match, Reading, Typed

# Candidates that are read and compared in each step, at most.
_CANDIDATES = 200
# Words that somebody may have meant by a mistyped one, at most.
_MEANT = 80
# So many words are asked of the index; the rest are looked for in what these leave.
_ASKED = 2
# With fewer letters a word says too little to be asked of the index while there is another one.
_SAYS_LITTLE = 3

# The inner part is walked by the index alone, the outer looks at what is left.
_SEARCH = """
SELECT id, tsvector_to_array(words), tsvector_to_array(ts_filter(words, '{{a}}'))
  FROM (SELECT {key} AS id, words FROM {table} WHERE words @@ %(asked)s::tsquery OFFSET 0) few
 WHERE words @@ %(all)s::tsquery LIMIT %(limit)s
"""
_NEAR = "SELECT word FROM search_word WHERE among = %s AND keys && %s::varchar[]"


def find(words: str, *, limit: int = 10) -> Found:
    """Return the people, accounts and campaigns that fit what was typed, at most `limit` of each, the best first.

    Several words narrow each other, in any order; each may be the beginning of a word. What is not there any more, or
    was joined with another, is not found.
    """
    typed = rules.typed(words)
    if typed.is_too_short:
        return Found(is_too_short=True)
    return Found(
        people=_people(typed, limit), accounts=_accounts(typed, limit), campaigns=_campaigns(typed, limit)
    )


def fit(words: str, name: str) -> Match | None:
    """Return how well a name, such as a page's, fits what was typed; None where it does not."""
    typed = rules.typed(words)
    names = rules.words_of_names([name])
    return None if typed.is_too_short else rules.match(rules.readings(typed), names, names)


def parts(text: str, match: Match) -> list[tuple[str, bool]]:
    """Cut a text that is shown into parts, each with whether what was typed is found in it."""
    return rules.parts(text, match.words)


def _people(typed: Typed, limit: int) -> list[Hit]:
    best = _best(_Book(Group.PEOPLE, "search_contact", "contact_id"), typed, limit)
    called = {each.id: each for each in contacts.contacts_called(best)}
    rows = {row.id: row for row in contacts.contacts(ids=list(called), size=len(best) or 1).rows}
    return [
        Hit(
            Group.PEOPLE,
            each,
            row.full_name or row.email or "",
            _said(row.title, row.account_name, _address(called[each].addresses, row.email, match)),
            match,
        )
        for each, match in best.items()
        if (row := rows.get(each))
    ]


def _accounts(typed: Typed, limit: int) -> list[Hit]:
    best = _best(_Book(Group.ACCOUNTS, "search_account", "account_id"), typed, limit)
    rows = {row.id: row for row in contacts.accounts(AccountWish(ids=list(best)), size=len(best) or 1).rows}
    return [
        Hit(Group.ACCOUNTS, each, row.name, _said(row.domain, row.city, row.country), match)
        for each, match in best.items()
        if (row := rows.get(each))
    ]


def _campaigns(typed: Typed, limit: int) -> list[Hit]:
    """Look through all campaigns: there are few, and nobody needs to keep words for them."""
    ways = tuple(rules.readings(typed))
    found = [
        Hit(Group.CAMPAIGNS, each.id, each.name, _said(each.code), match)
        for each in campaigns.labels()
        if (match := _labelled(ways, each))
    ]
    return sorted(found, key=lambda hit: _rank(hit.id, hit.match))[:limit]


def _labelled(ways: Sequence[Reading], label: campaigns.Label) -> Match | None:
    names = rules.words_of_names([label.name])
    return rules.match(ways, names | rules.words_of_names([label.code]), names)


def _said(*details: str | None) -> list[str]:
    return [each for each in details if each]


def _address(addresses: Sequence[str | None], primary: str | None, match: Match) -> str | None:
    """Return the address by which somebody was found, else the one that mail goes to."""
    fits = [each for each in addresses if each and set(match.words) & set(rules.words_of(each))]
    if not fits or (primary and primary.lower() in fits):
        return primary
    return fits[0]


@dataclass(frozen=True, slots=True)
class _Book:
    """Where the words of one group are kept."""

    group: Group
    table: str
    key: str


def _best(book: _Book, typed: Typed, limit: int) -> dict[int, Match]:
    """Return the records that fit best, the best first."""
    found: dict[int, Match] = {}
    ways: tuple[Reading, ...] = (Reading(typed.words),)
    for step in (_as_they_stand, _as_beginnings, _forgiving):
        if step is _forgiving:
            ways = tuple(rules.readings(typed))
        for asked, everything in step(book, typed):
            for identity, words, names in _candidates(book, asked, everything):
                if identity not in found and (match := rules.match(ways, words, names)):
                    found[identity] = match
        if len(found) >= limit:
            break
    ranked = sorted(found, key=lambda identity: _rank(identity, found[identity]))
    return {identity: found[identity] for identity in ranked[:limit]}


def _rank(identity: int, match: Match) -> tuple[int, int, int]:
    """Sort by how well something fits, then by how much of it was named, then what we have known for the shortest."""
    return match.cost, match.others, -identity


def _candidates(book: _Book, asked: str, everything: str) -> list[tuple[int, list[str], list[str]]]:
    with transaction.atomic(), connection.cursor() as cursor:
        # A guess at how many fit would now and then read the whole table.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        cursor.execute(
            _SEARCH.format(table=book.table, key=book.key),
            {"asked": asked, "all": everything, "limit": _CANDIDATES},
        )
        return [(identity, words, names) for identity, words, names in cursor.fetchall()]


def _as_they_stand(_book: _Book, typed: Typed) -> Iterator[tuple[str, str]]:
    yield _both(typed, _exact)


def _as_beginnings(_book: _Book, typed: Typed) -> Iterator[tuple[str, str]]:
    yield _both(typed, _beginning)


def _forgiving(book: _Book, typed: Typed) -> Iterator[tuple[str, str]]:
    meant = {word: _meant(book, word, whole=word != typed.words[-1]) for word in set(typed.words)}
    if any(meant.values()):
        yield _both(typed, lambda word: _any([_beginning(word), *map(_exact, meant[word])]))
    ways = [
        _all([*map(_exact, way.words[:-1]), _beginning(way.words[-1])])
        for way in rules.readings(typed)
        if way.is_typo
    ]
    if ways:
        yield _any(ways), _any(ways)


def _meant(book: _Book, word: str, *, whole: bool) -> list[str]:
    """Return the words that somebody may have meant by one, the likeliest first."""
    keys = rules.typed_keys(word)
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [book.group, keys])
        near = [each for (each,) in cursor.fetchall() if rules.is_near(word, each, whole=whole)]
    return sorted(near, key=lambda each: _likely(word, each))[:_MEANT]


def _likely(word: str, meant: str) -> tuple[bool, bool, str]:
    return not rules.is_near(word, meant, whole=True), meant.startswith(word[:-1]), meant


def _both(typed: Typed, wording: Callable[[str], str]) -> tuple[str, str]:
    """Return what is asked of the index, and what all of it must hold."""
    return _all(map(wording, _telling(typed))), _all(map(wording, typed.words))


def _telling(typed: Typed) -> list[str]:
    """Return the words that few records have: what stands after an @, its end above all, and what is short has many."""
    last = len(typed.words) - 1
    places = sorted(
        range(len(typed.words)),
        key=lambda place: (
            (place >= typed.before_at) * (1 + (place == last)),
            -len(typed.words[place]),
            place,
        ),
    )
    first = [typed.words[place] for place in places[:_ASKED]]
    return [word for word in first if len(word) >= _SAYS_LITTLE] or first[:1]


def _exact(word: str) -> str:
    return f"'{word}'"


def _beginning(word: str) -> str:
    return f"'{word}':*"


def _any(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' | '.join(parts)})"


def _all(parts: "Iterator[str] | Sequence[str]") -> str:
    return " & ".join(parts)
