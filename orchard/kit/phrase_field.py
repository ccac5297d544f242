"""A column for a sentence that people read later, each in their own language: what says it, and its values."""

from typing import Any

from django.db import models

from orchard.kit.words import Phrase, kept, recalled


class PhraseField(models.JSONField):
    """Holds a sentence as jsonb and gives it back as a `Phrase`; a finished sentence stays one."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Phrase | None:
        """Return what can be said."""
        stored = super().from_db_value(value, expression, connection)
        return None if stored is None else recalled(stored)

    def get_prep_value(self, value: Any) -> Any:
        """Write down what says it."""
        return kept(value) if isinstance(value, str) else super().get_prep_value(value)
