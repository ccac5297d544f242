"""The catalogue: which room offers which analytical tables and fields."""

from orchard.engine.types import Catalogue
from orchard.interactions import tables as interactions

CATALOGUE = Catalogue(
    tables={interactions.FACTS.name: interactions.FACTS},
    fields=interactions.FIELDS,
    kinds=interactions.PHRASES,
)
