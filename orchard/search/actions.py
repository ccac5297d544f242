"""How the words by which records are found are kept: read from the rooms they stand in, written where they changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from django.db import connection, transaction

from orchard.contacts import actions as contacts
from orchard.contacts import queries
from orchard.contacts.queries import Called
from orchard.kit.copying import write_rows
from orchard.kit.ids import as_array
from orchard.search.models import AccountKeys, ContactKeys, Word
from orchard.search.rules import forgives, stored_keys, words_of_addresses, words_of_names
from orchard.search.types import Group

# Records whose words are read and written at once.
_CHUNK = 5_000

# Two who keep words at once could each take away what the other counts on.
_LOCK = 0x5EA2


@dataclass(frozen=True, slots=True)
class _Book:
    """Where the words of one group are kept."""

    group: Group
    table: str
    key: str


_CONTACTS = _Book(Group.PEOPLE, "search_contact", "contact_id")
_ACCOUNTS = _Book(Group.ACCOUNTS, "search_account", "account_id")

_STORE = """
INSERT INTO {table} ({key}, words) SELECT id, words FROM search_fresh
ON CONFLICT ({key}) DO UPDATE SET words = excluded.words
"""

_UNKNOWN = """
SELECT word FROM unnest(%(words)s::varchar[]) given (word)
EXCEPT SELECT word FROM search_word WHERE among = %(among)s AND word = ANY (%(words)s) ORDER BY word
"""

# Words are dropped with the last record that has them: a rare name says who somebody was.
_FORGET = """
DELETE FROM search_word w WHERE w.among = %s AND w.word = ANY (%s)
   AND NOT EXISTS (SELECT FROM {table} k WHERE k.words @@ w.word::tsquery)
"""


def keep_keys(*, contact_ids: Iterable[int], account_ids: Iterable[int]) -> None:
    """Bring the words of these contacts and accounts up to date; who is not there any more has none.

    Each chunk is one transaction, or part of the caller's. Nobody is erased meanwhile.
    """
    for chunk in _chunks(contact_ids):
        with transaction.atomic():
            _hold()
            _keep(_CONTACTS, chunk, queries.contacts_called(chunk))
    for chunk in _chunks(account_ids):
        with transaction.atomic():
            _hold()
            _keep(_ACCOUNTS, chunk, queries.accounts_called(chunk))


def forget_keys() -> None:
    """Forget all words, before they are kept anew."""
    for model in (ContactKeys, AccountKeys, Word):
        model.objects.all().delete()


def _hold() -> None:
    contacts.hold_erasures()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


class _Words(NamedTuple):
    """The words of one record, and which of them are of its name."""

    every: frozenset[str]
    of_name: frozenset[str]


_NONE = _Words(frozenset(), frozenset())


def _keep(book: _Book, ids: Sequence[int], called: Iterable[Called]) -> None:
    words = {each.id: _words(each) for each in called}
    before = _standing(book, ids)
    stored = {each: mine for each, mine in words.items() if mine != before.get(each, _NONE)}
    gone = [each for each in before if not words.get(each, _NONE).every]
    if gone:
        with connection.cursor() as cursor:
            statement = f"DELETE FROM {book.table} WHERE {book.key} = ANY (%s::bigint[])"  # noqa: S608 - our own names
            cursor.execute(statement, [as_array(gone)])
    _store(book, {each: mine for each, mine in stored.items() if mine.every})
    _learn(book, {word for mine in stored.values() for word in mine.every})
    _unlearn(
        book, {word for each, mine in before.items() for word in mine.every - words.get(each, _NONE).every}
    )


def _words(called: Called) -> _Words:
    names = words_of_names(called.names)
    return _Words(frozenset(names | words_of_addresses(called.addresses)), frozenset(names))


def _standing(book: _Book, ids: Sequence[int]) -> dict[int, _Words]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {book.key}, tsvector_to_array(words), tsvector_to_array(ts_filter(words, '{{a}}'))"  # noqa: S608
            f" FROM {book.table} WHERE {book.key} = ANY (%s::bigint[])",
            [as_array(ids)],
        )
        return {each: _Words(frozenset(words), frozenset(names)) for each, words, names in cursor.fetchall()}


def _store(book: _Book, words: Mapping[int, _Words]) -> None:
    """Write words as a tsvector is written, those of names marked A: folded words hold no sign that means anything."""
    if not words:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS search_fresh (id bigint, words tsvector) ON COMMIT DELETE ROWS"
        )
        cursor.execute("TRUNCATE search_fresh")
        with cursor.copy("COPY search_fresh (id, words) FROM STDIN") as copy:
            write_rows(copy, ((each, _vector(mine)) for each, mine in words.items()))
        cursor.execute(_STORE.format(table=book.table, key=book.key))


def _vector(words: _Words) -> str:
    return " ".join(f"{word}:1A" if word in words.of_name else word for word in words.every)


def _learn(book: _Book, words: Iterable[str]) -> None:
    """Keep the words that nobody had before, each with its keys."""
    asked = [word for word in words if forgives(word)]
    if not asked:
        return
    with connection.cursor() as cursor:
        cursor.execute(_UNKNOWN, {"among": book.group, "words": asked})
        fresh = [word for (word,) in cursor.fetchall()]
        with cursor.copy("COPY search_word (among, word, keys) FROM STDIN") as copy:
            write_rows(
                copy, ((book.group.value, word, "{" + ",".join(stored_keys(word)) + "}") for word in fresh)
            )


def _unlearn(book: _Book, words: Iterable[str]) -> None:
    """Drop those of the words that nobody has any more."""
    lost = [word for word in words if forgives(word)]
    if lost:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET.format(table=book.table), [book.group, lost])


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    rest = iter(sorted(set(ids)))
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
