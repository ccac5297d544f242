"""What the version in force decides with: its terms, handed down from the document, and their compiled query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from orchard.agreement.document import Document
from orchard.agreement.models import AgreementVersion
from orchard.agreement.types import State
from orchard.agreement.verdict import Terms, Verdict
from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.engine import catalogue
from orchard.engine.compile import compiled
from orchard.engine.types import Catalogue, Query, TableSpec
from orchard.kit import once
from orchard.scoring.types import EngagementRule, FitRule, Rules

_CAMPAIGNS = campaigns.named_in("agreement_version.document")
"""What the campaigns that a version asks for are called, read with the version: no page asks for them apart."""
_NAMED: dict[int, tuple[tuple[str, str], ...]] = {}
"""The same as it was last read of a version in force: campaigns may be renamed, and lists ask for no version."""


@dataclass(frozen=True, slots=True)
class Force:
    """A version that decides: its id and number, its document and terms, and how they are asked.

    `campaigns` are codes and names of the campaigns that its conditions ask for, as `in_force` last read them in this
    process; of an earlier version, as they were when this process first read it.
    """

    version_id: int
    number: int
    document: Document
    terms: Terms
    campaigns: tuple[tuple[str, str], ...] = ()


def terms_of(document: Document) -> Terms:
    """Hand the rules of a document down to scoring and the verdict."""
    fit = tuple(FitRule(rule.name, rule.when, rule.points_micro) for rule in document.score.fit)
    engagement = tuple(
        EngagementRule(
            rule.name, rule.kinds, rule.points_micro, rule.half_life_days, rule.cap_micro, rule.where
        )
        for rule in document.score.engagement
    )
    handoff = document.handoff
    return Terms(Rules(fit, engagement), handoff.when, handoff.never, handoff.fresh_days)


def in_force() -> Force | None:
    """Return the version that the house works by now; None before the first was signed."""
    rows = AgreementVersion.objects.filter(state=State.IN_FORCE).values_list("id", _CAMPAIGNS)
    found = once.asked("agreement.in_force", rows.first)
    if found is None:
        return None
    version_id, named = found
    _NAMED[version_id] = _pairs(named)
    return of_version(version_id)


def ever_in_force() -> list[int]:
    """Return the versions that the house works by or worked by, the first one first."""
    rows = AgreementVersion.objects.filter(in_force_at__isnull=False).order_by("id")
    return list(rows.values_list("id", flat=True))


def of_version(version_id: int) -> Force:
    """Return what a version decides with, whether it is in force or was."""
    force = _read(version_id)
    named = _NAMED.get(version_id, force.campaigns)
    return force if named == force.campaigns else replace(force, campaigns=named)


@lru_cache(maxsize=16)
def _read(version_id: int) -> Force:
    """Read a version once: a text that was proposed does not change."""
    number, written, named = AgreementVersion.objects.values_list("number", "document", _CAMPAIGNS).get(
        id=version_id, document__isnull=False
    )
    document = Document.model_validate(written)
    return Force(version_id, number or 0, document, terms_of(document), _pairs(named))


def forget() -> None:
    """Forget the versions that were read: another database has others under the same ids."""
    _read.cache_clear()
    _NAMED.clear()


def _pairs(named: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((named or {}).items()))


def names_for(terms: Terms) -> Catalogue:
    """Return the catalogue that `terms` are computed over, with the company's own fields where they name one."""
    names = catalogue.installed()
    return names.extended(contacts.catalogue_fields()) if terms.names_own_fields else names


def query_of(terms: Terms, names: Catalogue | None = None) -> tuple[Query, Sequence[TableSpec]]:
    """Return the compiled verdict of `terms` and the tables it reads."""
    names = names or names_for(terms)
    tables = terms.tables(names)
    return compiled(("verdict", terms, names.fields), Verdict(terms, names), tables), tables
