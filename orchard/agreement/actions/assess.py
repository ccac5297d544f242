"""How contacts are assessed: the verdict of the version in force, computed from what stands now, and kept."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from orchard.agreement.actions.keep import forget, keep, locked
from orchard.agreement.queries.computing import of_contacts
from orchard.agreement.queries.concerned import with_colleagues
from orchard.agreement.queries.terms import Force, in_force
from orchard.kit import clock


@transaction.atomic
def assess(*, contact_ids: Collection[int], now: datetime) -> int:
    """Assess these contacts by the version in force; return how many verdicts changed.

    Where the account's score counts, colleagues are assessed with them. An id that is no living contact loses its
    verdict. Without a version in force nothing happens.
    """
    force = in_force()
    if force is None or not contact_ids:
        return 0
    return assess_by(force, with_colleagues(force, contact_ids), clock.full_hour(now))


def assess_by(force: Force, contact_ids: Collection[int], hour: datetime) -> int:
    """Assess exactly these contacts, in the caller's transaction; return how many verdicts changed.

    Their rows are locked before anything is read, so that of two who assess a contact at once the one who read later
    writes later; a row that appeared in between is looked at again.
    """
    waiting, written = set(contact_ids), 0
    while waiting:
        known = locked(waiting)
        found = of_contacts(force.terms, waiting, hour)
        written += forget(waiting.intersection(known).difference(found["contact_id"].to_pylist()))
        changed, waiting = keep(found, force=force, hour=hour, known=known)
        written += len(changed)
    return written
