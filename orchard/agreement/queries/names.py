"""Which names an agreement of this company may use: the wiring's catalogue, its own fields, its words for stages."""

from dataclasses import replace

from orchard.agreement.queries.stages import stage_labels
from orchard.agreement.types import Document
from orchard.contacts import queries as contacts
from orchard.engine import catalogue
from orchard.engine.types import Catalogue


def known(document: Document | None = None) -> Catalogue:
    """Return the catalogue of this process with what the company has declared: its fields, its words for stages.

    The words are those of the agreement in force, or of `document`.
    """
    names = catalogue.installed().extended(contacts.catalogue_fields())
    return replace(names, stages=stage_labels(document))
