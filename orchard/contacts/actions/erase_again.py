"""How whoever was erased since a backup is erased again after its restore, by the list that lies outside of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from orchard.contacts.actions.erase import erase_contact
from orchard.contacts.actions.merge import unmerge
from orchard.contacts.models import Contact, Merge
from orchard.contacts.queries.erasures import listed
from orchard.contacts.types import Clash
from orchard.interactions import queries as ledger


@dataclass(frozen=True, slots=True)
class ErasedAgain:
    """How many people were erased again, and which ids were left, since they cannot be parted from somebody else."""

    people: int
    left: tuple[int, ...] = ()


@transaction.atomic
def erase_again(*, now: datetime) -> ErasedAgain:
    """Erase whom the list has and the database has not; who had been parted by then is parted again first.

    An id that was given away once more after the erasure is another person's, and stays.
    """
    told = listed()
    found = Contact.objects.filter(id__in=list(told), erased_at__isnull=True).values_list("id", "created_at")
    asked = {identity for identity, made in found if made <= told[identity]}
    people, left = 0, []
    for identity in sorted(asked):
        if Contact.objects.filter(id=identity, erased_at__isnull=False).exists():
            continue  # erased with the one it was joined with
        if _is_alone(identity, asked, now):
            erase_contact(contact_id=identity, now=now, actor_id=None, is_listed=True)
            people += 1
        else:
            left.append(identity)
    return ErasedAgain(people, tuple(left))


def _is_alone(identity: int, asked: Collection[int], now: datetime) -> bool:
    """Part an id from everybody who is not to be erased; tell whether that went."""
    ids = ledger.all_ids(ledger.living([identity]).values())
    merges = Merge.objects.filter(Q(loser__in=ids) | Q(survivor__in=ids), undone_at__isnull=True)
    try:
        for merge in merges.order_by("-id"):
            if (merge.loser_id in asked) != (merge.survivor_id in asked):
                unmerge(merge_id=merge.pk, now=now, actor_id=None)
    except Clash:
        return False
    return set(ledger.all_ids(ledger.living([identity]).values())) <= set(asked)
