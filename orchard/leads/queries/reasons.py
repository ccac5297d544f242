"""What the reasons are called for which leads came back: as the agreement of their time calls them."""

from collections.abc import Iterable, Sequence

from orchard.agreement import queries as agreement
from orchard.agreement.types import Return
from orchard.kit.words import Phrase
from orchard.leads.models import Lead
from orchard.leads.types import ROTTED


def labels_of(leads: Sequence[Lead]) -> dict[int, str]:
    """Return the reason of each lead that is over, as the agreement of its time calls it."""
    found: dict[int, str] = {}
    for version in {each.version_id for each in leads if each.reason}:
        found |= _labels(version, [each for each in leads if each.version_id == version])
    return found


def reasons_of(lead_ids: Iterable[int]) -> dict[int, str]:
    """Return for which reason each of these leads is over, as `labels_of` calls it; one without a reason is absent."""
    return labels_of(list(Lead.objects.filter(id__in=list(lead_ids)).only("version_id", "reason")))


def reason_labels() -> dict[str, str]:
    """Return what each reason that a lead can have come back for is called, by the newest version that knows it."""
    found: dict[str, str] = {}
    for version in agreement.versions_ever_in_force():
        found |= {each.reason: each.label for each in agreement.terms_of_version(version).document.returns}
    return found | {ROTTED: Phrase("Rotted")}


def _labels(version_id: int, leads: Sequence[Lead]) -> dict[int, str]:
    returns: Sequence[Return] = agreement.terms_of_version(version_id).document.returns
    labels = {each.reason: each.label for each in returns} | {ROTTED: Phrase("Rotted")}
    return {each.pk: labels.get(each.reason, each.reason) for each in leads if each.reason}
