"""Import maps: what they may say, and reading and writing them as YAML."""

from orchard.connect.csv.mapping.document import as_yaml, read_map
from orchard.connect.csv.mapping.grammar import (
    Condition,
    FileLayout,
    ImportMap,
    Interaction,
    MapConsent,
    Source,
)

__all__ = [
    "Condition",
    "FileLayout",
    "ImportMap",
    "Interaction",
    "MapConsent",
    "Source",
    "as_yaml",
    "read_map",
]
