"""What is found by words: people, accounts and campaigns, the best first.

Words are looked for in steps, each only while fewer than asked for are found: as they stand, the last as a beginning,
all as beginnings, and forgiving one typo. The index holds every word with the records that have it, so what several
words have in common is told before a record is read; words that most records have are only looked at in what the others
leave.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.db import connection, transaction

from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.contacts.queries import AccountWish
from orchard.search import rules
from orchard.search.types import Found, Group, Hit, Match, Reading

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
    typed = rules.read(words)
    if typed.is_too_short:
        return Found(is_too_short=True)
    with transaction.atomic(), connection.cursor() as cursor:
        # A guess that many records fit, where few do, would read a whole table instead of its index.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        people, accounts = (_best(book, typed, limit) for book in (_PEOPLE, _ACCOUNTS))
    return Found(_people(people), _accounts(accounts), _campaigns(typed, limit))


def fit(words: str, name: str, *, also: str = "") -> Match | None:
    """Return how well a name, such as a page's, fits what was typed; None where it does not.

    `also` holds words by which it is found too; in them no typo is forgiven, since nobody sees what was meant.
    """
    typed = rules.read(words)
    if typed.is_too_short:
        return None
    names, ways = rules.words_of_names([name]), list(rules.readings(typed))
    match = rules.match(ways, names | rules.words_of_names([also]), names)
    return rules.match(ways, names, names) if match and match.is_typo else match


def parts(text: str, match: Match) -> list[tuple[str, bool]]:
    """Cut a text that is shown into parts, each with whether what was typed is found in it."""
    return rules.parts(text, match.words)


@dataclass(frozen=True, slots=True)
class _Book:
    """Where the words of one group are kept."""

    group: Group
    table: str
    key: str


_PEOPLE = _Book(Group.PEOPLE, "search_contact", "contact_id")
_ACCOUNTS = _Book(Group.ACCOUNTS, "search_account", "account_id")


def _people(best: Mapping[int, Match]) -> list[Hit]:
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


def _accounts(best: Mapping[int, Match]) -> list[Hit]:
    rows = {row.id: row for row in contacts.accounts(AccountWish(ids=list(best)), size=len(best) or 1).rows}
    return [
        Hit(Group.ACCOUNTS, each, row.name, _said(row.domain, row.city, row.country), match)
        for each, match in best.items()
        if (row := rows.get(each))
    ]


def _campaigns(typed: Reading, limit: int) -> list[Hit]:
    """Look through all campaigns: there are few, and nobody needs to keep words for them."""
    labels = campaigns.labels()
    found: list[Hit] = []
    for ways in ((typed,), tuple(rules.readings(typed))):
        found = found or [
            Hit(Group.CAMPAIGNS, each.id, each.name, _said(each.code), match)
            for each in labels
            if (match := rules.match(ways, *_label_words(each.name, each.code)))
        ]
    return sorted(found, key=lambda hit: _rank(hit.id, hit.match))[:limit]


@lru_cache(maxsize=16_384)
def _label_words(name: str, code: str) -> tuple[frozenset[str], frozenset[str]]:
    names = frozenset(rules.words_of_names([name]))
    return names | rules.words_of_names([code]), names


def _said(*details: str | None) -> list[str]:
    return [each for each in details if each]


def _address(addresses: Sequence[str | None], primary: str | None, match: Match) -> str | None:
    """Return the address by which somebody was found, else the one that mail goes to."""
    fits = [each for each in addresses if each and set(match.words) & set(rules.words_of(each))]
    if not fits or (primary and primary.lower() in fits):
        return primary
    return fits[0]


def _best(book: _Book, typed: Reading, limit: int) -> dict[int, Match]:
    """Return the records that fit best, the best first."""
    found: dict[int, Match] = {}
    for step in _STEPS:
        ways, asked = step(book, typed)
        for question in asked:
            for identity, words, names in _candidates(book, question):
                if identity not in found and (match := rules.match(ways, words, names)):
                    found[identity] = match
        if book is _PEOPLE:
            for hidden in contacts.hidden_among(found):
                del found[hidden]
        if len(found) >= limit:
            break
    ranked = sorted(found, key=lambda identity: _rank(identity, found[identity]))
    return {identity: found[identity] for identity in ranked[:limit]}


def _rank(identity: int, match: Match) -> tuple[int, int, int]:
    """Sort by how well something fits, then by how much of its name was left out, then the newest first."""
    return match.cost, match.others, -identity


class _Question(NamedTuple):
    """What is asked of the index, and what else must be so, both as PostgreSQL writes a search for words."""

    asked: str
    everything: str


_Step = tuple[Sequence[Reading], Sequence[_Question]]


def _candidates(book: _Book, question: _Question) -> list[tuple[int, list[str], list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _SEARCH.format(table=book.table, key=book.key),
            {"asked": question.asked, "all": question.everything, "limit": _CANDIDATES},
        )
        return [(identity, words, names) for identity, words, names in cursor.fetchall()]


def _as_they_stand(_book: _Book, typed: Reading) -> _Step:
    return [typed], [_question(typed, _exact)]


def _as_one_types(_book: _Book, typed: Reading) -> _Step:
    return [typed], [_question(typed, _last_begins(typed))]


def _as_beginnings(_book: _Book, typed: Reading) -> _Step:
    return [typed], [_question(typed, _beginning)] if len(typed.words) > 1 else []


def _forgiving(book: _Book, typed: Reading) -> _Step:
    """Ask for the words that may have been meant, then for the other ways to read what was typed, all at once."""
    ways, questions = list(rules.readings(typed)), []
    meant = {word: _meant(book, word, whole=word != typed.words[-1]) for word in set(typed.words)}
    if any(meant.values()):
        questions.append(_question(typed, lambda word: _any([_beginning(word), *map(_exact, meant[word])])))
    if others := [_question(way, _last_begins(way)) for way in ways if way.is_typo]:
        questions.append(_Question(*map(_any, zip(*others, strict=True))))
    return ways, questions


_STEPS: Sequence[Callable[[_Book, Reading], _Step]] = (
    _as_they_stand,
    _as_one_types,
    _as_beginnings,
    _forgiving,
)


def _last_begins(way: Reading) -> Callable[[str], str]:
    last = way.words[-1]
    return lambda word: _beginning(word) if word == last else _exact(word)


def _meant(book: _Book, word: str, *, whole: bool) -> list[str]:
    """Return the words that somebody may have meant by one, the likeliest first."""
    keys = rules.typed_keys(word)
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [book.group, keys])
        words = [each for (each,) in cursor.fetchall() if not each.startswith(word)]
    near = [each for each in words if rules.is_near(word, each, whole=whole)]
    return sorted(near, key=lambda each: _likely(word, each))[:_MEANT]


def _likely(word: str, meant: str) -> tuple[bool, bool, str]:
    """Sort what goes on, and what differs in the last letter alone, behind the rest."""
    return len(meant) > len(word) + 1, meant.startswith(word[:-1]), meant


def _question(way: Reading, wording: Callable[[str], str]) -> _Question:
    return _Question(_all(map(wording, _telling(way))), _all(map(wording, way.words)))


def _telling(way: Reading) -> list[str]:
    """Return the words that few records have: many share what is short, or stands after an @, its end above all."""
    last = len(way.words) - 1
    places = [place for place in range(len(way.words)) if place < max(way.before_at, last)] or [last]
    places.sort(key=lambda place: (place >= way.before_at, -len(way.words[place]), place))
    first = [way.words[place] for place in places[:_ASKED]]
    return [word for word in first if len(word) >= _SAYS_LITTLE] or first[:1]


def _exact(word: str) -> str:
    return f"'{word}'"


def _beginning(word: str) -> str:
    return f"'{word}':*"


def _any(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' | '.join(parts)})"


def _all(parts: Iterable[str]) -> str:
    return f"({' & '.join(parts)})"
