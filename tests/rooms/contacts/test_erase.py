"""Erasure: not a word of a person stays in any table, and the map that does it forgets no column."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from orchard.campaigns import actions as campaigns
from orchard.campaigns.queries import sources_of
from orchard.contacts import actions, queries
from orchard.contacts.models import Contact
from orchard.contacts.types import Entity, FieldType, Gone, IncomingRow, normal_email
from orchard.interactions import actions as ledger
from orchard.interactions.models import Interaction
from orchard.interactions.types import NewFact
from orchard.journal import actions as journal
from orchard.outbox import actions as outbox

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
CANARY = "Kanarienvogel"

# Rooms whose tables this room's map or their own must cover.
ROOMS = {
    "api",
    "campaigns",
    "connect",
    "contacts",
    "content",
    "interactions",
    "journal",
    "leads",
    "opportunities",
    "outbox",
    "search",
    "tasks",
    "weekly",
}


def columns_with_words():
    kinds = (
        models.CharField,
        models.TextField,
        models.JSONField,
        models.BinaryField,
        models.GenericIPAddressField,
    )
    for model in apps.get_models():
        if model._meta.app_label not in ROOMS:
            continue
        for field in model._meta.concrete_fields:
            base = field.base_field if isinstance(field, ArrayField) else field
            if isinstance(base, kinds):
                yield model._meta.db_table, field.column


def test_every_column_that_can_hold_words_is_in_the_data_map():
    entries = {entry.table: entry for entry in actions.data_map()}
    missing = [
        f"{table}.{column}"
        for table, column in columns_with_words()
        if table not in entries
        or not (
            (entries[table].rows and not entries[table].blank)
            or column in entries[table].blank
            or column in entries[table].free
        )
    ]
    assert missing == []


def test_the_map_names_only_tables_and_columns_that_exist():
    known = {
        model._meta.db_table: {f.column for f in model._meta.concrete_fields} for model in apps.get_models()
    }
    for entry in actions.data_map():
        assert entry.table in known
        assert {*entry.blank, *entry.free} <= known[entry.table]


def tables_that_hold(text):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        found = set()
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text ILIKE %s)', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def canary_everywhere():
    """Plant the canary in every field of a contact and of a record merged into it; return the survivor's id."""

    def word(name):
        return f"{CANARY} {name}"

    actions.declare_custom_field(
        entity=Entity.CONTACT, name="pet", label="Pet", type=FieldType.TEXT, now=NOW, actor_id=None
    )
    fields = {name: word(name) for name in ("title", "department", "city", "seniority", "language")}
    first = actions.create_contact(
        now=NOW,
        full_name=word("name"),
        linkedin_slug=f"{CANARY.lower()}-1",
        emails=[f"{CANARY}@example.com"],
        phones=[f"{CANARY} +43 1 588580"],
        ids=[("crm", word("id"))],
        custom={"pet": word("pet")},
        **fields,
    )
    actions.change_contact(
        contact_id=first,
        values={name: f"{value} old" for name, value in fields.items()} | {"custom.pet": "none"},
        now=NOW,
        actor_id=None,
    )
    (second,) = actions.upsert_batch(
        [
            IncomingRow(
                1,
                (word("second"), word("country")),
                emails=[(f"2{CANARY}@Example.com", normal_email(f"2{CANARY}@example.com"))],
                phones=[(f"{CANARY} 01 588580", "+431588580", word("label"))],
            )
        ],
        contact_columns=("full_name", "country"),
        import_id=1,
        now=NOW,
    )
    actions.grant_consent(
        contact_id=first, purpose=word("purpose"), source=word("source"), wording=word("wording"), now=NOW
    )
    actions.merge(survivor_id=first, loser_id=second.contact_id, now=NOW, actor_id=None)
    (fact,) = ledger.append([NewFact("call.connected", NOW, contact_id=second.contact_id)], now=NOW)
    ledger.keep_words([(fact, second.contact_id, word("words"))])
    journal.record(
        actor_id=None,
        action="contact.changed",
        subject=("contact", second.contact_id),
        details={"note": word("note")},
        now=NOW,
    )
    outbox.put(
        channel="email",
        recipient=f"{CANARY}@example.com",
        payload={"text": word("mail")},
        unique_key="1",
        now=NOW,
    )
    return first


@pytest.mark.django_db
def test_no_word_of_an_erased_person_is_left_in_any_table():
    person = canary_everywhere()
    bystander = actions.create_contact(
        now=NOW, full_name="Bob", emails=["bob@example.com"], phones=["+43 1 588580"]
    )
    assert queries.open_doubts() == 1
    assert len(tables_that_hold(CANARY)) >= 8
    facts = Interaction.objects.count()
    actions.erase_contact(contact_id=person, now=NOW, actor_id=None)
    assert tables_that_hold(CANARY) == set()
    assert queries.contact(bystander).contact.full_name == "Bob"
    assert Interaction.objects.count() == facts + 1
    assert Contact.objects.filter(erased_at=NOW).count() == 2
    with pytest.raises(Gone):
        queries.contact(person)


@pytest.mark.django_db
def test_an_erased_address_stays_suppressed_in_any_spelling():
    person = actions.create_contact(now=NOW, full_name="Anna", emails=["anna@example.com"])
    actions.suppress(address="anna@example.com", reason="unsubscribed", now=NOW)
    actions.erase_contact(contact_id=person, now=NOW, actor_id=None)
    actions.suppress(address="anna@example.com", reason="bounced", now=NOW)
    assert queries.suppressed(["ANNA@example.com", "bob@example.com"]) == {"ANNA@example.com": "erased"}


@pytest.mark.django_db
def test_rooms_above_are_erased_first_by_what_they_declared():
    source = campaigns.create_campaign(name="Ad", now=NOW)
    person = actions.create_contact(now=NOW, full_name="Anna", emails=["anna@example.com"])
    campaigns.add_sources([(person, source, NOW)])
    order = [entry.table for entry in actions.data_map()]
    assert order.index("contact_source") < order.index("contact_email") < order.index("contact")
    actions.erase_contact(contact_id=person, now=NOW, actor_id=None)
    assert sources_of([person]) == []
