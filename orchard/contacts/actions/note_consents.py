"""How an import's consents are noted, thousands at once: what is known already is not noted twice."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from orchard.contacts.models import Consent
from orchard.contacts.types import IncomingConsent
from orchard.interactions import actions as ledger
from orchard.interactions.types import Lane, NewFact


@transaction.atomic
def note_consents(
    given: Sequence[IncomingConsent],
    *,
    source: str,
    now: datetime,
    lane: Lane = Lane.BULK,
    import_id: int | None = None,
) -> int:
    """Note each consent that says something new; return how many did.

    One with a time is new where the same word was not given at that time; one without a time where the newest word
    for its purpose is another.
    """
    if not given:
        return 0
    known: set[tuple[int, str, bool, datetime]] = set()
    newest: dict[tuple[int, str], tuple[datetime, bool]] = {}
    before = Consent.objects.filter(contact_id__in={each.contact_id for each in given})
    for contact, purpose, granted, at in before.values_list("contact_id", "purpose", "granted", "at"):
        known.add((contact, purpose, granted, at))
        newest[contact, purpose] = max(newest.get((contact, purpose), (at, granted)), (at, granted))
    fresh: list[Consent] = []
    for each in given:
        place = each.contact_id, each.purpose
        at = each.at or now
        if (*place, each.granted, at) in known:
            continue
        if each.at is None and place in newest and newest[place][1] == each.granted:
            continue
        known.add((*place, each.granted, at))
        newest[place] = max(newest.get(place, (at, each.granted)), (at, each.granted))
        fresh.append(
            Consent(
                contact_id=each.contact_id,
                purpose=each.purpose,
                granted=each.granted,
                source=source,
                wording=each.wording,
                wording_version=each.wording_version,
                at=at,
            )
        )
    made = Consent.objects.bulk_create(fresh, batch_size=2_000)
    ledger.append(
        [
            NewFact(
                "consent.granted" if each.granted else "consent.withdrawn",
                each.at,
                contact_id=each.contact_id,
                subject=("consent", each.id),
            )
            for each in made
        ],
        now=now,
        lane=lane,
        import_id=import_id,
    )
    return len(made)


def take_back_consents(*, source: str) -> int:
    """Delete the consents that one source noted, when it is undone; return how many."""
    deleted, _ = Consent.objects.filter(source=source).delete()
    return deleted
