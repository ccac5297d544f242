"""How it is said which part somebody has when their company buys."""

from datetime import datetime

from django.db import transaction

from orchard.contacts.actions.change import living_contact
from orchard.contacts.models import RoleAt
from orchard.contacts.queries.roles import role_of
from orchard.contacts.types import BuyingRole
from orchard.interactions import queries as ledger
from orchard.journal import actions as journal
from orchard.kit.errors import Conflict


@transaction.atomic
def set_role(
    *, contact_id: int, account_id: int, role: BuyingRole | None, now: datetime, actor_id: int | None
) -> BuyingRole | None:
    """Say which part a contact has when this account buys, or that none is known; return what was said before.

    Raises `Conflict` where the contact is at another company by now, and `Gone`.
    """
    contact = living_contact(contact_id)
    if contact.account_id != account_id:
        raise Conflict("They belong to another company by now. Look at the people there.")
    ids = [contact.pk, *(each for each in ledger.all_ids([contact.pk]) if each != contact.pk)]
    before = role_of(ids)
    if role == before:
        return before
    RoleAt.objects.filter(contact__in=ids, account=account_id).delete()
    if role is not None:
        RoleAt.objects.update_or_create(
            contact=contact,
            defaults={"account_id": account_id, "role": role, "member_id": actor_id, "set_at": now},
        )
    journal.record(
        actor_id=actor_id,
        action="contact.role_set",
        now=now,
        subject=("contact", contact.pk),
        details={"before": before or "", "after": role or ""},
    )
    return before
