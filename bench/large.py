"""The large data set: a million contacts with twenty million facts, their lake, and everybody's verdict; built once."""

from datetime import timedelta

from django.db import connection

from bench import company, facts, people
from bench.ground import Ground, say
from orchard import flow
from orchard.agreement.actions import refresh
from orchard.interactions import actions as ledger
from orchard.kit import clock

CONTACTS = 1_000_000
FACTS = 20_000_000

# Raised when what is built becomes another; what was built before is then no longer found.
VERSION = 1


def contacts_at(here: Ground) -> int:
    """Return how many contacts there are at this scale."""
    return here.count(CONTACTS, 1_000)


def facts_at(here: Ground) -> int:
    """Return how many facts there are at this scale."""
    return here.count(FACTS, 20_000)


def large(here: Ground) -> str:
    """Return the name of the database with the large data set."""
    return here.cached(f"large_{VERSION}", lambda: _build(here))


def _build(here: Ground) -> None:
    now = clock.now()
    company.found(now - facts.SPAN)
    say("  contacts")
    people.store(contacts_at(here), now - facts.SPAN)
    with facts.unordered():
        facts.append(
            facts_at(here), contacts_at(here), until=now - timedelta(minutes=1), bulk="mod(f.n, 2) = 0"
        )
    facts.read_to_the_end()
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM (ANALYZE) interaction, ledger_order, contact, account, contact_email, interaction_class"
        )
    say("  lake and verdicts")
    refresh(now=clock.now())
    ledger.drain(flow.CONSUMERS)
