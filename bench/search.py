"""Promise: whoever types a name or an address letter by letter, now and then wrongly, finds its owner at once.

A thousand of a million contacts are typed, half by name, half by address, every tenth with one typo: a letter wrong,
left out, put in, or two changed over. Measured is each letter's answer from the second on, as `search.queries.find`
gives it.

From the fourth letter on an answer counts as found when the target is among the first ten people, or when ten are
shown that all fit what was typed at least as well as the target does: nobody can tell them apart yet. The whole text
must show the target itself, unless more than ten carry the very same name.
"""

import random
import time
from collections import Counter
from itertools import islice
from typing import NamedTuple

from django.db import connection

from bench import names
from bench.figures import HIGHER, LOWER, Figure, rounded
from bench.ground import Ground, say
from orchard.contacts.types import name_key
from orchard.kit import clock
from orchard.search import actions, queries, rules

CONTACTS, TYPED = 1_000_000, 1_000
TYPOS = 10
LEAST, SHOWN = 4, 10
VERSION = 2

_TABLES = ("search_contact", "search_account", "search_word")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BARE = (
    "SELECT c.id, c.full_name FROM contact_email e JOIN contact c ON c.id = e.contact_id WHERE e.normal = %s"
)


class Target(NamedTuple):
    """Whom somebody looks for, and what they type."""

    id: int
    one: names.Named
    text: str


def measure(here: Ground) -> list[Figure]:
    """Type a thousand names and addresses; then look as many people up by their address, as the bare work."""
    count = here.count(CONTACTS, 1_000)
    with here.clone(here.cached(f"names_{VERSION}", lambda: _build(count))):
        _tell_size(count)
        targets = _targets(count, here.count(TYPED, 50))
        same = Counter(name_key(f"{one.first} {one.last}") for one in names.people(count))
        for target in targets[:20]:
            queries.find(target.text)
        took: list[float] = []
        answers = [found for target in targets for found in _type(target, same, took)]
        bare = _bare(targets)
    say(
        f"  {len(took):,} answers, half of them within {_part(took, 0.5):.1f} ms, the slowest {max(took):.0f} ms"
    )
    return [
        Figure("p95_ms", rounded(_part(took, 0.95)), "ms", LOWER, 50, rounded(bare)),
        Figure("found", rounded(sum(answers) / len(answers)), "share", HIGHER, 0.98, None),
    ]


def _build(count: int) -> None:
    names.store(count, clock.now())
    begun = time.monotonic()
    actions.keep_keys(
        contact_ids=range(1, count + 1), account_ids=range(1, len(names.companies_of(count)) + 1)
    )
    say(f"  the words of {count / (time.monotonic() - begun):,.0f} contacts a second were kept")


def _tell_size(count: int) -> None:
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute("SELECT pg_table_size(%s), pg_indexes_size(%s)", [table, table])
            rows, indexes = cursor.fetchone()
            say(f"  {table}: {rows / count:,.0f} bytes a contact, and {indexes / count:,.0f} of indexes")


def _targets(count: int, wanted: int) -> list[Target]:
    dice = random.Random(2)
    chosen = set(dice.sample(range(count), wanted))
    people = [(number + 1, one) for number, one in enumerate(names.people(count)) if number in chosen]
    dice.shuffle(people)
    targets = []
    for place, (identity, one) in enumerate(people):
        text = one.email if place % 2 else f"{one.first} {one.last}"
        targets.append(Target(identity, one, _mistyped(dice, text) if place // 2 % TYPOS == 0 else text))
    return targets


def _mistyped(dice: random.Random, text: str) -> str:
    place, letter = dice.randrange(len(text) - 1), dice.choice(_LETTERS)
    return dice.choice(
        (
            text[:place] + letter + text[place + 1 :],
            text[:place] + text[place + 1 :],
            text[:place] + letter + text[place:],
            text[:place] + text[place + 1] + text[place] + text[place + 2 :],
        )
    )


def _type(target: Target, same: Counter[str], took: list[float]) -> list[bool]:
    """Type a text letter by letter; return of each answer that counts whether the target was found."""
    found = []
    for end in range(2, len(target.text) + 1):
        begun = time.perf_counter()
        hits = queries.find(target.text[:end], limit=SHOWN).people
        took.append((time.perf_counter() - begun) * 1000)
        if end < LEAST:
            continue
        whole = end == len(target.text)
        many = same[name_key(f"{target.one.first} {target.one.last}")] > SHOWN
        found.append(
            any(hit.id == target.id for hit in hits)
            or (len(hits) >= SHOWN and (not whole or many) and _as_good(target, target.text[:end], hits))
        )
    return found


def _as_good(target: Target, text: str, hits: "list[queries.Hit]") -> bool:
    of_name = rules.words_of_names([target.one.first, target.one.last])
    words = of_name | rules.words_of_addresses([target.one.email])
    own = rules.match(tuple(rules.readings(rules.read(text))), words, of_name)
    return own is None or all(hit.match.cost <= own.cost for hit in hits)


def _bare(targets: list[Target]) -> float:
    """Return within how many milliseconds 95 of 100 are looked up by an index."""
    took = []
    with connection.cursor() as cursor:
        for target in islice(targets, TYPED):
            begun = time.perf_counter()
            cursor.execute(_BARE, [target.one.email])
            cursor.fetchall()
            took.append((time.perf_counter() - begun) * 1000)
    return _part(took, 0.95)


def _part(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
