"""What the version in force decides with: its terms, handed down from the document, and their compiled query."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from orchard.agreement.document import Document
from orchard.agreement.models import AgreementVersion
from orchard.agreement.types import State
from orchard.agreement.verdict import Terms, Verdict
from orchard.contacts import queries as contacts
from orchard.engine import catalogue
from orchard.engine.compile import compiled
from orchard.engine.types import Catalogue, Query, TableSpec
from orchard.kit import once
from orchard.scoring.types import EngagementRule, FitRule, Rules


@dataclass(frozen=True, slots=True)
class Force:
    """A version that decides: its id and number, its document and terms, and how they are asked."""

    version_id: int
    number: int
    document: Document
    terms: Terms


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
    rows = AgreementVersion.objects.filter(state=State.IN_FORCE).values_list("id", flat=True)
    version_id = once.asked("agreement.in_force", rows.first)
    return None if version_id is None else of_version(version_id)


def ever_in_force() -> list[int]:
    """Return the versions that the house works by or worked by, the first one first."""
    rows = AgreementVersion.objects.filter(in_force_at__isnull=False).order_by("id")
    return list(rows.values_list("id", flat=True))


@lru_cache(maxsize=16)
def of_version(version_id: int) -> Force:
    """Return what a version decides with, whether it is in force or was: once proposed, a text does not change."""
    number, written = AgreementVersion.objects.values_list("number", "document").get(
        id=version_id, document__isnull=False
    )
    document = Document.model_validate(written)
    return Force(version_id, number or 0, document, terms_of(document))


def names_for(terms: Terms) -> Catalogue:
    """Return the catalogue that `terms` are computed over, with the company's own fields where they name one."""
    names = catalogue.installed()
    return names.extended(contacts.catalogue_fields()) if terms.names_own_fields else names


def query_of(terms: Terms, names: Catalogue | None = None) -> tuple[Query, Sequence[TableSpec]]:
    """Return the compiled verdict of `terms` and the tables it reads."""
    names = names or names_for(terms)
    tables = terms.tables(names)
    return compiled(("verdict", terms, names.fields), Verdict(terms, names), tables), tables
