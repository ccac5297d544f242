"""Promise: a million facts of a hundred thousand contacts are placed and read by all consumers at 25,000 a second."""

import time

from django.db import connection

from bench import company, facts, people
from bench.figures import HIGHER, Figure, rounded
from bench.ground import Ground, say
from orchard.agreement.models import Verdict
from orchard.interactions.actions import place
from orchard.interactions.types import CHUNK
from orchard.kit import clock
from orchard.kit.errors import Refused

FACTS = 1_000_000
CONTACTS = 100_000
VERSION = 1


def measure(here: Ground) -> list[Figure]:
    """Let all consumers read facts that wait as an import leaves them; then let the sequencer work alone."""
    count = here.count(FACTS, 1_000)
    waiting = here.cached(f"waiting_{VERSION}", lambda: _let_wait(here, count))
    with here.clone(waiting):
        done = here.orchard("drain")
        if done["stuck"] or done["facts"] < count or not Verdict.objects.exists():
            raise Refused(f"The drain did {done}, which is not what it should.")
    with here.clone(waiting):
        alone = _placed_alone()
    say(f"  {done['facts']:,} facts in {done['seconds']} s, those that follow from them included")
    return [
        Figure(
            "facts_per_s", rounded(count / done["seconds"]), "facts/s", HIGHER, 25_000, rounded(count / alone)
        )
    ]


def _let_wait(here: Ground, count: int) -> None:
    now = clock.now()
    company.found(now - facts.SPAN)
    people.store(here.count(CONTACTS, 100), now - facts.SPAN)
    facts.append(count, here.count(CONTACTS, 100), until=now, bulk="true", step=CHUNK)


def _placed_alone() -> float:
    """Return how many seconds the sequencer takes to give all of them their places."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    begun = time.monotonic()
    while place():
        pass
    return time.monotonic() - begun
