"""How consent is given and taken back: for one purpose, with the words shown and the time."""

from datetime import datetime

from django.db import transaction

from orchard.contacts.actions.change import living_contact
from orchard.contacts.models import Consent
from orchard.contacts.types import Invalid
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.journal import actions as journal


def grant_consent(
    *,
    contact_id: int,
    purpose: str,
    source: str,
    now: datetime,
    at: datetime | None = None,
    wording: str = "",
    wording_version: str = "",
    actor_id: int | None = None,
) -> int:
    """Note that a contact agreed to a purpose (`newsletter`, `tracking` ...), and the words they agreed to."""
    return _note(
        contact_id,
        purpose,
        source,
        granted=True,
        now=now,
        at=at,
        actor_id=actor_id,
        wording=wording,
        wording_version=wording_version,
    )


def withdraw_consent(
    *,
    contact_id: int,
    purpose: str,
    source: str,
    now: datetime,
    at: datetime | None = None,
    actor_id: int | None = None,
) -> int:
    """Note that a contact took their consent to a purpose back."""
    return _note(contact_id, purpose, source, granted=False, now=now, at=at, actor_id=actor_id)


@transaction.atomic
def _note(
    contact_id: int,
    purpose: str,
    source: str,
    *,
    granted: bool,
    now: datetime,
    at: datetime | None,
    actor_id: int | None,
    wording: str = "",
    wording_version: str = "",
) -> int:
    if not purpose.strip() or not source.strip():
        raise Invalid("A consent needs its purpose and where it was given.")
    contact = living_contact(contact_id)
    moment = at or now
    consent = Consent.objects.create(
        contact=contact,
        purpose=purpose.strip(),
        granted=granted,
        source=source.strip(),
        wording=wording,
        wording_version=wording_version,
        at=moment,
        member_id=actor_id,
    )
    kind = "consent.granted" if granted else "consent.withdrawn"
    ledger.append(
        [
            NewFact(
                kind,
                moment,
                contact_id=contact.id,
                account_id=contact.account_id,
                subject=("consent", consent.id),
                member_id=actor_id,
            )
        ],
        now=now,
    )
    journal.record(
        actor_id=actor_id, action=kind, subject=("contact", contact.id), details={"purpose": purpose}, now=now
    )
    return consent.id
