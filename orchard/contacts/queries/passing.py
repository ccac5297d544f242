"""What other rooms ask in passing: declared fields, consents, who was erased."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from django.db import connection
from django.db.models import F

from orchard.contacts.models import Account, Contact, CustomField, Hold
from orchard.contacts.queries.account_lists import industries
from orchard.contacts.queries.seen import who
from orchard.contacts.tables import FIELDS
from orchard.contacts.tables import custom_fields as as_fields
from orchard.contacts.types import Entity, Gone
from orchard.engine.types import Field
from orchard.interactions import queries as ledger
from orchard.kit import once
from orchard.kit.ids import as_array
from orchard.kit.naming import Named
from orchard.team import queries as team


def names(contact_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of these contacts; who has none, or may not be seen, is named by the word for that."""
    return once.each(("names", team.reach().members), contact_ids, _names)


def meant(contact_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Return for each of these ids the living contact that it means, and what `names` calls that; erased ones too."""
    return {each.asked: (each.living, each.name) for each in who(contact_ids)}


def _names(ids: Collection[int]) -> dict[int, str]:
    return {each.asked: each.name for each in who(ids, as_asked=True)}


def account_names(account_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of these accounts."""
    return dict(Account.objects.filter(id__in=set(account_ids)).values_list("id", "name"))


def account_naming(account_ids: Iterable[int]) -> Named:
    """Return where the names of these accounts stand, for who asks for those of other things too."""
    return Named("account", Account.objects.filter(id__in=set(account_ids)))


def custom_fields(entity: Entity | None = None) -> list[CustomField]:
    """Return the fields that the company declared and did not archive."""
    rows = CustomField.objects.filter(archived_at__isnull=True).order_by("entity", "label")
    fields = once.asked("custom_fields", lambda: list(rows))
    return [each for each in fields if entity is None or each.entity == entity]


def declared_fields() -> list[CustomField]:
    """Return every field that the company ever declared, those put away last."""
    return list(
        CustomField.objects.order_by(F("archived_at").asc(nulls_first=True), "-entity", "label", "id")
    )


def field_labels(field_ids: Iterable[int]) -> dict[int, str]:
    """Return what these declared fields are called, also of those put away."""
    return dict(CustomField.objects.filter(id__in=set(field_ids)).values_list("id", "label"))


def custom_field(field_id: int) -> CustomField:
    """Return one declared field; raises `Gone`."""
    found = CustomField.objects.filter(id=field_id).first()
    if found is None:
        raise Gone("There is no such field.")
    return found


def catalogue_fields() -> tuple[Field, ...]:
    """Return the company's own fields as conditions may use them (`contact.custom.NAME`)."""
    return as_fields(
        (each.entity, each.name, each.label, each.type, each.choices) for each in custom_fields()
    )


def usual_fields() -> tuple[Field, ...]:
    """Return the fields that offer what accounts have, which is asked once, by the first page that offers it."""
    had = cache(industries)
    return tuple(replace(each, usual=had, others=True) for each in FIELDS if each.name == "account.industry")


def consents(contact_ids: Sequence[int], purpose: str) -> set[int]:
    """Return those living contacts whose last word on a purpose, under any of their ids, is yes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM (
                SELECT DISTINCT ON (o.living_id) o.living_id AS id, s.granted FROM (
                    SELECT unnest(%(ids)s::bigint[]) AS id, unnest(%(ids)s::bigint[]) AS living_id UNION
                    SELECT old_id, living_id FROM contact_alias
                     WHERE living_id = ANY (%(ids)s::bigint[]) AND ended_by IS NULL
                ) o JOIN consent s ON s.contact_id = o.id AND s.purpose = %(purpose)s
                ORDER BY o.living_id, s.at DESC, s.id DESC
            ) last WHERE granted
            """,
            {"ids": list(contact_ids), "purpose": purpose},
        )
        return {row[0] for row in cursor.fetchall()}


def erased_ids(*, since: datetime | None = None) -> Iterable[int]:
    """Return the ids of erased contacts, so that what is kept outside the database can be cleaned too."""
    erased = Contact.objects.filter(erased_at__isnull=False)
    return (erased.filter(erased_at__gte=since) if since else erased).values_list("id", flat=True).iterator()


@dataclass(frozen=True, slots=True)
class Whose:
    """Where a contact is at home, and which member it belongs to: through the account, else by itself."""

    country: str
    owner_id: int | None
    account_id: int | None = None


def whose(contact_ids: Iterable[int]) -> dict[int, Whose]:
    """Return where these contacts are at home and whose they are, by the account first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, coalesce(a.country, c.country, ''), coalesce(a.owner_id, c.owner_id), c.account_id"
            " FROM contact c LEFT JOIN account a ON a.id = c.account_id WHERE c.id = ANY (%s::bigint[])",
            [as_array(contact_ids)],
        )
        return {identity: Whose(*found) for identity, *found in cursor.fetchall()}


def held(contact_ids: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
    """Return what holds these living contacts, under any of their ids, as (kind, id) of each source."""
    ids = ledger.all_ids(contact_ids)
    found: dict[int, list[tuple[str, int]]] = {}
    rows = Hold.objects.filter(contact__in=list(ids), lifted_at__isnull=True).order_by("id")
    for contact, kind, source in rows.values_list("contact", "source_kind", "source_id"):
        found.setdefault(ids[contact], []).append((kind, source))
    return found
