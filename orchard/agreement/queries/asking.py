"""Which questions would close the gaps of a verdict, by what is known of the contact."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from orchard.agreement.queries.terms import Force
from orchard.agreement.words import Gap, question
from orchard.engine import rows
from orchard.engine.conditions import FieldIs, Score, atoms
from orchard.engine.types import CONTACTS, Catalogue, Field
from orchard.scoring.types import TENTH


def questions_of(
    force: Force,
    names: Catalogue,
    contact_id: int,
    *,
    truths: Sequence[bool],
    lacks: Sequence[int | None],
    lines: Sequence[int],
) -> list[str]:
    """Return for each condition of a living contact's verdict the question that could close its gap, else nothing.

    `truths` and `lacks` (tenths of a point, of scores) are in the order of the conditions, `lines` those of its score
    in millionths of a point.
    """
    known, found = _known(force, names, contact_id), []
    for atom, holds, short in zip(force.terms.atoms, truths, lacks, strict=True):
        negated = atom.id.split(".").count("not") % 2 == 1
        if atom.id.startswith("never") or bool(holds) != negated:
            found.append("")
            continue
        gap = Gap((short or 0) * TENTH, lines) if isinstance(atom.leaf, Score) else None
        found.append(question(atom.leaf, names, known, negated=negated, rules=force.terms.rules, gap=gap))
    return found


def _known(force: Force, names: Catalogue, contact_id: int) -> dict[str, Any]:
    """Return what is known of a contact in the fields that the terms name, by their names, and its account."""
    leaves = {
        atom.leaf.field
        for condition in force.terms.conditions
        for atom in atoms(condition)
        if isinstance(atom.leaf, FieldIs)
    }
    fields = [field for name in sorted(leaves) if (field := names.find(name)) is not None]
    table = names.tables[CONTACTS]
    columns = {"contact_id", "account_id", *(field.column for field in fields)}
    table = replace(table, columns={name: type_ for name, type_ in table.columns.items() if name in columns})
    found = rows.of_contacts(table, [contact_id]).to_pylist()
    row = found[0] if found else {}
    return {"account_id": row.get("account_id"), **{field.name: _value(field, row) for field in fields}}


def _value(field: Field, row: dict[str, Any]) -> Any:
    held = row.get(field.column)
    if field.json_key is None:
        return held if held != "" else None
    return json.loads(held).get(field.json_key) if held else None
