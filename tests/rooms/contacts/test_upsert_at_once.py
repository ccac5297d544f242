"""A batch and a form that meet the same new person in the same moment make one contact."""

import threading
import time
from datetime import UTC, datetime

from django.db import connection, transaction

from orchard.contacts import actions
from orchard.contacts.models import Account, Contact
from orchard.contacts.types import IncomingRow, Outcome

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def upsert(*numbers):
    rows = [
        IncomingRow(n, (f"Person {n}",), account=("Acme",), emails=[(f"{n}@example.com", f"{n}@example.com")])
        for n in numbers
    ]
    return actions.upsert_batch(
        rows, contact_columns=("full_name",), account_columns=("name",), import_id=1, now=NOW
    )


def test_a_batch_waits_for_a_form_that_was_first_and_finds_its_contact(own_database):
    written, made = threading.Event(), []

    def form():
        with transaction.atomic():
            made.append(actions.create_contact(now=NOW, full_name="Person 1", emails=["1@example.com"]))
            written.set()
            time.sleep(0.5)
        connection.close()

    thread = threading.Thread(target=form)
    thread.start()
    written.wait(10)
    found, other = upsert(1, 2)
    thread.join()
    assert (found.contact_id, other.outcome) == (made[0], Outcome.CREATED)
    assert Contact.objects.count() == 2


def test_batches_at_once_make_each_person_and_company_once(own_database):
    def batch():
        upsert(*range(200))
        connection.close()

    threads = [threading.Thread(target=batch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Contact.objects.count(), Account.objects.count()) == (200, 1)
