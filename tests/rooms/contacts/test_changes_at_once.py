"""Two who change the same record in the same moment: the second, who did not see the first change, is refused."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from orchard.campaigns import actions as campaigns
from orchard.campaigns.models import Campaign
from orchard.contacts import actions
from orchard.contacts.models import Account, Contact
from orchard.kit.errors import Conflict

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
RECORDS = {
    "contact": (
        lambda: actions.create_contact(full_name="A", now=NOW),
        actions.change_contact,
        Contact,
        "full_name",
    ),
    "account": (lambda: actions.create_account(name="A", now=NOW), actions.change_account, Account, "name"),
    "campaign": (
        lambda: campaigns.create_campaign(name="A", now=NOW),
        campaigns.change_campaign,
        Campaign,
        "name",
    ),
}


@pytest.mark.parametrize("record", RECORDS)
def test_who_waited_for_the_other_is_refused_and_the_first_change_stands(own_database, record):
    make, change, model, field = RECORDS[record]
    identity = make()
    seen, written, asked = NOW, threading.Event(), threading.Event()

    def first():
        with transaction.atomic():
            change(
                **{f"{record}_id": identity},
                values={field: "First"},
                now=NOW + timedelta(seconds=1),
                actor_id=None,
                seen=seen,
            )
            written.set()
            asked.wait(10)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    written.wait(10)
    threading.Timer(0.3, asked.set).start()
    with pytest.raises(Conflict, match=r"Somebody changed this .* while you wrote"):
        change(
            **{f"{record}_id": identity},
            values={field: "Second"},
            now=NOW + timedelta(seconds=2),
            actor_id=None,
            seen=seen,
        )
    thread.join()
    assert getattr(model.objects.get(id=identity), field) == "First"
