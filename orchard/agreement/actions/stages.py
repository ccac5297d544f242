"""How stages are kept: folded anew for whom something turned, moved at once for whom only more of the same arrived."""

from collections.abc import Collection, Mapping

from django.db import connection, transaction

from orchard.agreement.queries.stages import standings
from orchard.agreement.rules import OWN, TURNS, VERDICT, Owed, Standing, fold, owed
from orchard.contacts.tables import CONTACTS
from orchard.interactions import queries as ledger
from orchard.interactions.types import Fact

# A row for everybody, locked in the order of ids; whoever had none has one that is engaged since the end of time.
_LOCK = """
INSERT INTO stage AS s (contact_id, stage, basis, since, rounds, unaided)
SELECT each, 'engaged', 'engaged', 'infinity', 0, true FROM unnest(%s::bigint[]) AS each ORDER BY each
ON CONFLICT (contact_id) DO UPDATE SET since = s.since WHERE false
RETURNING contact_id
"""
_UNLED = "DELETE FROM stage WHERE contact_id = ANY (%s) AND since = 'infinity'"
_KEEP = """
INSERT INTO stage AS s (contact_id, stage, basis, since, rounds, unaided)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::int[], %s::bool[]) ORDER BY 1
ON CONFLICT (contact_id) DO UPDATE
   SET stage = excluded.stage, basis = excluded.basis, since = excluded.since, rounds = excluded.rounds,
       unaided = excluded.unaided
 WHERE (s.stage, s.basis, s.since, s.rounds, s.unaided)
       IS DISTINCT FROM (excluded.stage, excluded.basis, excluded.since, excluded.rounds, excluded.unaided)
"""
_ENGAGE = f"""
INSERT INTO stage AS s (contact_id, stage, basis, since, rounds, unaided)
SELECT g.contact_id, 'engaged', 'engaged', i.occurred_at, 0, true
  FROM unnest(%s::bigint[], %s::bigint[]) AS g (contact_id, fact_id)
  JOIN ({CONTACTS.source}) living USING (contact_id) JOIN interaction i ON i.id = g.fact_id
 ORDER BY g.contact_id
ON CONFLICT (contact_id) DO UPDATE SET since = excluded.since WHERE s.unaided AND excluded.since < s.since
"""  # noqa: S608 - our own names
_LIVING = f"SELECT contact_id FROM ({CONTACTS.source}) living WHERE contact_id = ANY (%s)"  # noqa: S608


@transaction.atomic
def follow_stages(*, own: Mapping[int, Fact], turned: Collection[int]) -> None:
    """Bring the stages of these contacts up to date.

    `own` names the earliest new interaction of each contact's own, `turned` whoever something else happened to. Their
    rows are locked before anything is read: of two who follow a contact at once, the one who reads later writes later.
    """
    if not own and not turned:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list({*own, *turned})])
        new = [contact for (contact,) in cursor.fetchall()]
    known = standings(own.keys() - set(new))
    asks = {contact: owed(known.get(contact), fact.occurred_at) for contact, fact in own.items()}
    engaged = [own[contact] for contact, ask in asks.items() if ask is Owed.ENGAGE]
    corrected = ledger.corrected(fact.id for fact in engaged)
    anew = {*turned, *(contact for contact, ask in asks.items() if ask is Owed.FOLD)}
    anew |= {fact.contact_id for fact in engaged if fact.id in corrected and fact.contact_id is not None}
    _engage({fact.contact_id: fact.id for fact in engaged if fact.contact_id not in anew})
    _fold_anew(anew)
    with connection.cursor() as cursor:
        cursor.execute(_UNLED, [new])


def _fold_anew(contact_ids: Collection[int]) -> None:
    """Let the whole past of contacts decide; an id that is no living contact has no stage."""
    if not contact_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LIVING, [list(contact_ids)])
        mine: dict[int, list[Fact]] = {contact: [] for (contact,) in cursor.fetchall()}
    # A verdict spoke of one id: what it said of another that was joined with this one decides nothing here.
    of_others = ledger.told_under_old_ids(mine, VERDICT)
    for fact in ledger.facts_of_kinds(mine, OWN | TURNS):
        if fact.contact_id is not None and fact.id not in of_others:
            mine[fact.contact_id].append(fact)
    found = {contact: standing for contact, facts in mine.items() if (standing := fold(facts))}
    _keep(found)
    _forget(set(contact_ids).difference(found))


def _engage(facts: Mapping[int | None, int]) -> None:
    """Let contacts be engaged by these facts of their own, as most are in a large import."""
    if not facts:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ENGAGE, [list(facts), list(facts.values())])


def _keep(standing: Mapping[int, Standing]) -> None:
    rows = [
        (contact, each.stage, each.basis, each.since, each.rounds, each.unaided)
        for contact, each in standing.items()
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [list(column) for column in zip(*rows, strict=True)])


def _forget(contact_ids: Collection[int]) -> None:
    if contact_ids:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM stage WHERE contact_id = ANY (%s)", [list(contact_ids)])
