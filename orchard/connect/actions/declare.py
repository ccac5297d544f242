"""How the fields that a map names and nobody has declared become fields of the company's own."""

from datetime import datetime

from orchard.connect.csv import ImportMap
from orchard.connect.opening import settle
from orchard.contacts import actions as contacts


def declare_fields(map_: ImportMap, *, now: datetime, actor_id: int | None) -> int:
    """Declare what a map fills and nobody has declared, so that what is imported can be seen; return how many."""
    _, undeclared = settle(map_)
    for each in undeclared:
        contacts.declare_custom_field(
            entity=each.entity,
            name=each.name,
            label=each.name.replace("_", " ").capitalize(),
            type=each.type,
            choices=each.choices,
            now=now,
            actor_id=actor_id,
        )
    return len(undeclared)
