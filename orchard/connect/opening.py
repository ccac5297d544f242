"""Opens the file of an import by its map, and settles what the map leaves to the company's own fields."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from orchard.connect import csv
from orchard.connect.csv import ImportMap
from orchard.connect.csv.binding import Columns
from orchard.connect.csv.mapping.document import line_of
from orchard.connect.csv.mapping.grammar import FileLayout, Source
from orchard.connect.csv.recognise import SAMPLE, Known
from orchard.connect.csv.types import MapError, Problem
from orchard.connect.models import Import
from orchard.contacts import queries as contacts
from orchard.contacts.queries import is_field_name
from orchard.contacts.types import Entity, FieldType
from orchard.kit.errors import Refused
from orchard.kit.words import Phrase


class OwnField(NamedTuple):
    """A field of the company's own that a map fills, and the place where it does."""

    entity: Entity
    name: str
    path: str
    source: Source


class Undeclared(NamedTuple):
    """A field that a map fills and nobody has declared yet, or a choice that gets more choices."""

    entity: Entity
    name: str
    type: FieldType
    choices: list[str]


def reading_of(made: Import) -> csv.Reading:
    """Open the file by its map, or as the known export that it is; passes once over all of it. Raises `Refused`."""
    if made.map_text:
        settled, _ = settle(csv.read_map(made.map_text))
        return csv.Reading(_laid_out(made, settled.file), settled, made.known)
    table = table_of(made)
    known = known_of(made, table)
    if known is None:
        raise Refused(
            "{file} is no export that Orchard knows; give a map that says what its columns hold.",
            file=made.file_name,
        )
    settled, _ = settle(known.map)
    return csv.Reading(table, settled, known.name)


def _laid_out(made: Import, layout: FileLayout) -> csv.Table:
    """Open the file as the map says it is written; a file of rejects is written as we do, whatever its original was."""
    path = path_of(made)
    if layout != FileLayout() and csv.is_of_rejects(path):
        layout = FileLayout()
    return csv.open_table(
        path,
        sheet=made.sheet or layout.sheet,
        header_row=layout.header_row,
        encoding=layout.encoding,
        delimiter=layout.delimiter,
    )


def table_of(made: Import) -> csv.Table:
    """Open the file without a map."""
    return csv.open_table(path_of(made), sheet=made.sheet or None)


def known_of(made: Import, table: csv.Table) -> Known | None:
    """Return the export that the file is, told by its columns and by the name under which it came."""
    return csv.recognise([*table.header, *table.constants], table.sample(SAMPLE), made.file_name)


def path_of(made: Import) -> Path:
    """Return where the file lies; raises `Refused` where it does not."""
    path = Path(made.path)
    if not made.path or not path.is_file():
        raise Refused(
            "The file {file} is not there any more. Import it again; nothing is stored twice.",
            file=made.file_name,
        )
    return path


def check_columns(made: Import, map_: ImportMap) -> None:
    """Raise MapError with the line of each column that the map names and the file lacks."""
    table = table_of(made)
    Columns(table.header, table.constants, map_).check()


def settle(map_: ImportMap) -> tuple[ImportMap, list[Undeclared]]:
    """Give each own field of a map the type it is declared with; return the map, and the fields to declare.

    Raises MapError where the map says another type than the field has.
    """
    declared = {(each.entity, each.name): each for each in contacts.custom_fields()}
    contact, undeclared, problems = dict(map_.contact), [], []
    for entity, name, path, source in own_fields(map_):
        line = line_of(("contact", path), map_.lines)
        field = declared.get((entity, name))
        type_ = FieldType(source.type or (field.type if field else "text"))
        if not is_field_name(name):
            problems.append(
                Problem(
                    line,
                    Phrase(
                        "“{name}” cannot name a field: use small letters, digits and _, a letter first.",
                        name=name,
                    ),
                )
            )
        elif field and field.type != type_:
            problems.append(
                Problem(
                    line,
                    Phrase(
                        "The field “{name}” holds values of the type {type}, not {other}.",
                        name=name,
                        type=Phrase(field.type),
                        other=Phrase(type_),
                    ),
                )
            )
        choices = list(dict.fromkeys([*(field.choices if field else []), *source.choices]))
        if field is None or (type_ is FieldType.CHOICE and choices != list(field.choices)):
            undeclared.append(Undeclared(entity, name, type_, choices))
        contact[path] = [source.model_copy(update={"type": type_.value, "choices": choices})]
    if problems:
        raise MapError(problems)
    return map_.model_copy(update={"contact": contact}), undeclared


def own_fields(map_: ImportMap) -> Iterator[OwnField]:
    """Yield the fields of the company's own that a map fills."""
    for path, sources in map_.contact.items():
        bare = path.removeprefix("account.")
        if bare.startswith("custom."):
            entity = Entity.CONTACT if bare == path else Entity.ACCOUNT
            yield OwnField(entity, bare.removeprefix("custom."), path, sources[0])
