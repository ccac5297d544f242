"""What a text or the values of a form spell: an agreement or its mistakes, its contract, and what it changes."""

from collections.abc import Sequence
from typing import Any

import yaml
from django.utils.translation import gettext as _

from orchard.agreement.document import normal_text, parse, read_data, schema, text_hash
from orchard.agreement.document.nodes import read_nodes
from orchard.agreement.queries.names import known, people
from orchard.agreement.types import Document, Mistake
from orchard.agreement.words import Change, Clause, changes, contract, marked

__all__ = [
    "changes_between",
    "check_text",
    "contract_of",
    "hash_of",
    "known",
    "normal_of",
    "schema",
    "text_of_values",
    "values_of_text",
]


def check_text(text: str) -> Document | list[Mistake]:
    """Return the agreement that `text` spells, or every mistake in it, by the names this company knows."""
    return parse(text, known())


def normal_of(document: Document) -> str:
    """Return the one normal text of a document, as `show` prints it."""
    return normal_text(document)


def hash_of(document: Document) -> str:
    """Return the hash that a signature is given to."""
    return text_hash(document)


def values_of_text(text: str) -> dict[str, Any] | None:
    """Return the plain values of a text, mistakes and all, for the form; None where it is no YAML mapping."""
    found = read_nodes(text)
    return found.data if isinstance(found.data, dict) else None


def text_of_values(values: dict[str, Any]) -> str:
    """Return values as a text: the normal one where they are an agreement, else as plain YAML with its mistakes."""
    found = read_data(values, known())
    if isinstance(found, Document):
        return normal_text(found)
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None)


def contract_of(document: Document, before: Document | None = None) -> Sequence[Clause]:
    """Return the clauses of an agreement; with `before`, what changed since is marked."""
    if before is None:
        return contract(document, known(document), people=people(document))
    was, now = _both(before, document)
    return marked(was, now)


def changes_between(before: Document, after: Document) -> Sequence[Change]:
    """Return every change between two agreements in words, another name first."""
    named = [Change(0, _("Its name"), before.name, after.name)] if before.name != after.name else []
    return named + changes(*_both(before, after))


def _both(before: Document, after: Document) -> tuple[list[Clause], list[Clause]]:
    names = people(before, after)
    return contract(before, known(before), people=names), contract(after, known(after), people=names)
