"""An import is undone: nobody keeps a verdict, a stage or a lead that rested on it."""

import io
from datetime import UTC, datetime

import pytest

from orchard import flow
from orchard.agreement import actions as agreement
from orchard.agreement.models import StageReached, Verdict
from orchard.connect import actions, jobs, queries
from orchard.connect.actions.undo import undo_on
from orchard.contacts import actions as contacts
from orchard.contacts.models import Account, Contact
from orchard.interactions import actions as ledger
from orchard.interactions.models import Interaction
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.leads.models import Lead
from tests.make import agreements

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

MAP = """
contact: {email: Email, full_name: Name, account.name: Company, account.industry: Industry}
interactions:
  - {kind: show.visited, at: When, only_if: When}
"""
SEPARATE = agreements.SMALL.replace("promises:", "  at_account: separate\npromises:")
RIPE_BY_VISIT = SEPARATE.replace("points: 25", "points: 50")
RIPE_BY_INDUSTRY = SEPARATE.replace(
    "score:\n",
    "score:\n  fit:\n    - {name: Ours, when: {field: account.industry, is: packaging}, points: 50}\n",
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    with clock.at(NOW):
        yield


def imported(*rows):
    content = "Email,Name,Company,Industry,When\n" + "".join(f"{row}\n" for row in rows)
    import_id = actions.begin(file_name="people.csv", upload=io.BytesIO(content.encode()), now=NOW)
    actions.describe(import_id=import_id, map_text=MAP)
    actions.launch(import_id=import_id, now=NOW)
    actions.run(import_id=import_id)
    drain()
    return import_id


def people(count, industry=""):
    return [f"p{number}@example.com,Pat {number},Acme,{industry},2026-11-02" for number in range(count)]


def drain():
    ledger.drain(flow.CONSUMERS)


def undone(import_id):
    actions.undo(import_id=import_id, now=NOW)
    assert jobs.work(NOW) == 1
    drain()


def nobody_is_left():
    tables = (Contact, Verdict, StageReached, Account)
    waiting = Lead.objects.filter(state="waiting").count()
    return [table.objects.count() for table in tables] == [0, 0, 0, 0] and not waiting


def test_who_became_a_lead_by_the_import_alone_goes_with_it():
    agreements.in_force(RIPE_BY_VISIT)
    import_id = imported(*people(10))
    assert Lead.objects.filter(state="waiting").count() == 10
    undone(import_id)
    assert nobody_is_left()
    assert queries.one(import_id).remarks == {"removed": 10, "kept": 0, "restored": 0}
    assert Interaction.objects.filter(kind="lead.withdrawn").count() == 10
    assert agreement.refresh(now=NOW).changed == 0
    assert ledger.rebuild(flow.CONSUMERS).differences == 0


@pytest.mark.parametrize("industry", ["", "packaging"])
def test_whoever_reads_of_the_undo_midway_forgets_the_gone_all_the_same(industry):
    agreements.in_force(RIPE_BY_INDUSTRY)
    import_id = imported(*people(10, industry))
    actions.undo(import_id=import_id, now=NOW)
    undo_on(import_id=import_id, progress=lambda _: drain())
    assert Verdict.objects.count() == 10
    drain()
    assert nobody_is_left()
    assert agreement.refresh(now=NOW).changed == 0


def test_a_lead_that_somebody_accepted_keeps_its_contact():
    agreements.in_force(RIPE_BY_VISIT)
    import_id = imported(*people(2))
    kept = Contact.objects.order_by("id").first()
    ledger.append([NewFact("lead.accepted", NOW, contact_id=kept.id)], now=NOW)
    undone(import_id)
    assert [contact.id for contact in Contact.objects.all()] == [kept.id]
    assert [verdict.contact_id for verdict in Verdict.objects.all()] == [kept.id]
    assert agreement.refresh(now=NOW).changed == 0


def test_a_company_whose_fields_go_back_takes_its_people_out_of_the_basket():
    agreements.in_force(RIPE_BY_INDUSTRY)
    account = contacts.create_account(name="Acme", now=NOW)
    ada = contacts.create_contact(full_name="Ada", emails=["ada@acme.example"], account_id=account, now=NOW)
    drain()
    import_id = imported("ada@acme.example,Ada,Acme,packaging,")
    assert Lead.objects.get().contact_id == ada
    undone(import_id)
    assert Account.objects.get().industry != "packaging"
    assert not Verdict.objects.get(contact_id=ada).qualified
    assert Lead.objects.get().state == "withdrawn"
    assert agreement.refresh(now=NOW).changed == 0


def test_colleagues_of_who_went_lose_what_the_account_s_score_gave_them():
    agreements.in_force(
        RIPE_BY_VISIT.replace("{score: total, at_least: 40}", "{score: account, at_least: 40}")
    )
    account = contacts.create_account(name="Acme", now=NOW)
    ada = contacts.create_contact(full_name="Ada", account_id=account, now=NOW)
    import_id = imported(*people(2))
    assert Verdict.objects.get(contact_id=ada).qualified
    undone(import_id)
    assert [(each.contact_id, each.qualified) for each in Verdict.objects.all()] == [(ada, False)]
    assert not Lead.objects.filter(state="waiting").exists()
    assert agreement.refresh(now=NOW).changed == 0
