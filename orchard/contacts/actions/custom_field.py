"""How a company declares fields of its own, and puts them away again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from orchard.contacts.models import CustomField
from orchard.contacts.rules import is_field_name
from orchard.contacts.types import Entity, FieldType, Gone, Invalid
from orchard.journal import actions as journal
from orchard.kit.words import Phrase


@transaction.atomic
def declare_custom_field(
    *,
    entity: Entity,
    name: str,
    label: str,
    type: FieldType,  # noqa: A002 - the word of the agreement's documents
    now: datetime,
    actor_id: int | None,
    choices: Sequence[str] = (),
) -> int:
    """Declare a field, or give a known one another label, more choices or back its place; return its id.

    The type of a field that exists stays, since values of it are stored. Raises `Invalid`.
    """
    if not is_field_name(name):
        raise Invalid(
            "“{name}” cannot name a field: use small letters, digits and _, beginning with a letter.",
            name=name,
        ).at("name")
    if (type is FieldType.CHOICE) != bool(choices):
        raise Invalid("A field of the type choice needs choices, and no other type has any.").at("choices")
    field = CustomField.objects.select_for_update().filter(entity=entity, name=name).first()
    if field is None:
        field = CustomField(entity=entity, name=name, type=type, created_at=now)
    elif field.type != type:
        raise Invalid(
            "The field “{name}” holds values of the type {type}. Choose another name.",
            name=name,
            type=Phrase(field.type),
        ).at("name")
    field.label = label.strip() or name
    field.choices = list(choices)
    field.archived_at = None
    field.save()
    journal.record(
        actor_id=actor_id,
        action="field.declared",
        subject=("field", field.id),
        details={"entity": entity, "name": name, "type": type},
        now=now,
    )
    return field.id


@transaction.atomic
def archive_custom_field(*, field_id: int, now: datetime, actor_id: int | None) -> None:
    """Hide a field from forms and conditions; its values stay."""
    if not CustomField.objects.filter(id=field_id, archived_at__isnull=True).update(archived_at=now):
        raise Gone("This field is not there any more.")
    journal.record(actor_id=actor_id, action="field.archived", subject=("field", field_id), now=now)


@transaction.atomic
def restore_custom_field(*, field_id: int, now: datetime, actor_id: int | None) -> None:
    """Let a field that was put away be filled in and asked for again."""
    if not CustomField.objects.filter(id=field_id, archived_at__isnull=False).update(archived_at=None):
        raise Gone("This field is in use already, or was never there.")
    journal.record(actor_id=actor_id, action="field.restored", subject=("field", field_id), now=now)
