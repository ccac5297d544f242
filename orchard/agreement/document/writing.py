"""The one normal text of an agreement, whose hash is what both sides sign, and the JSON Schema of the document."""

import hashlib
from typing import Any

import yaml

from orchard.agreement.document.model import CONDITION_WORDS, Document
from orchard.engine.conditions.tree import SORTS

_WIDTH = 100


def written(document: Document) -> dict[str, Any]:
    """Return the agreement as plain values, defaults written out, what is absent left out."""
    values: dict[str, Any] = _bare(document.model_dump(mode="json"))
    return values


def normal_text(document: Document) -> str:
    """Return the agreement as YAML in one fixed order and spelling, defaults written out.

    Two documents that mean the same have the same normal text; reading it gives the document back.
    """
    return yaml.safe_dump(
        written(document), sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=None
    )


def text_hash(document: Document) -> str:
    """Return the SHA-256 of the normal text, in hexadecimal: what a signature is given to."""
    return hashlib.sha256(normal_text(document).encode()).hexdigest()


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the document, for editors that check while one types."""
    found = Document.model_json_schema(by_alias=True, mode="validation")
    definitions = found["$defs"]
    handoff = definitions["Handoff"]
    own = {name: part for name, part in handoff["properties"].items() if name != "when"}
    definitions["Handoff"] = {
        "description": handoff["description"],
        "oneOf": [
            {
                **definitions[model.__name__],
                "properties": {**definitions[model.__name__]["properties"], **own},
            }
            for word, model in SORTS.items()
            if word in CONDITION_WORDS - {"segment"}
        ],
    }
    definitions["Target"] = {
        "oneOf": [
            {"enum": ["who_met_them", "account_owner", "territory"]},
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["team"],
                "properties": {"team": {"type": "string"}},
            },
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["member"],
                "properties": {"member": {"type": "string"}},
            },
        ]
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Orchard agreement", **found}


def _bare(value: Any) -> Any:
    """Leave out what is absent or empty, so that a later optional word changes no old text."""
    if isinstance(value, dict):
        return {key: _bare(part) for key, part in value.items() if part is not None and part not in ([], {})}
    if isinstance(value, list):
        return [_bare(part) for part in value]
    return value
