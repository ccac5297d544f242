"""Which part people have when their company buys."""

from collections.abc import Collection, Iterable

from orchard.contacts.models import Contact, RoleAt
from orchard.contacts.types import BuyingRole
from orchard.interactions import queries as ledger


def roles_at(account_id: int) -> dict[int, BuyingRole]:
    """Return the parts of the living contacts of an account; of whom none is known is absent."""
    roles = _living(RoleAt.objects.filter(account=account_id))
    there = Contact.objects.filter(id__in=list(roles), account=account_id).values_list("id", flat=True)
    return {each: roles[each] for each in there}


def role_of(ids: Collection[int]) -> BuyingRole | None:
    """Return the part of a contact at the account where it is now; `ids` are all that mean it, the living one first."""
    rows = RoleAt.objects.filter(contact__in=ids, account__contacts=next(iter(ids)))
    known = dict(rows.values_list("contact_id", "role"))
    return next((BuyingRole(known[each]) for each in ids if each in known), None)


def _living(rows: Iterable[RoleAt]) -> dict[int, BuyingRole]:
    """Return the rows by whom they are about now: what was said of somebody before he was joined stands behind."""
    found = [(row.contact_id, BuyingRole(row.role)) for row in rows]
    living = ledger.living(identity for identity, _role in found)
    joined = {living[identity]: role for identity, role in found if living[identity] != identity}
    return joined | {identity: role for identity, role in found if living[identity] == identity}
