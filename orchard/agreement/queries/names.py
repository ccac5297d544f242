"""Which names an agreement of this company may use: the wiring's catalogue and the company's own fields."""

from orchard.contacts import queries as contacts
from orchard.engine import catalogue
from orchard.engine.types import Catalogue


def known() -> Catalogue:
    """Return the catalogue of this process with the custom fields that the company has declared."""
    return catalogue.installed().extended(contacts.catalogue_fields())
