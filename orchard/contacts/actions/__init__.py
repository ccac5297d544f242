"""Everything that writes contacts and accounts."""

from orchard.contacts.actions.upsert import upsert_batch

__all__ = ["upsert_batch"]
