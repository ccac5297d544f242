"""Real files, from the file to the funnel, by the commands a newcomer types."""

import pytest

from orchard import flow
from orchard.contacts.models import Contact
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.kit import clock
from orchard.leads import queries as leads
from orchard.team.types import Role, Side
from tests.make.command import orchard
from tests.make.members import member

MAPS = "docs/guides/first-hour/maps"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def olist(data):
    for name, map_name in (
        ("olist_marketing_qualified_leads_dataset", "olist_leads"),
        ("olist_closed_deals_dataset", "olist_deals"),
    ):
        code, answer = orchard("import", data / "olist" / f"{name}.csv", "--map", f"{MAPS}/{map_name}.yaml")
        assert code == 0, answer
    ledger.drain(flow.CONSUMERS)


def test_the_funnel_of_a_real_marketplace_is_what_its_data_say(olist):
    code, answer = orchard("report", "funnel", "--by", "campaign")
    assert code == 0
    won = {row["campaign"]: (row["entered"], row["won"]) for row in answer["rows"]}
    assert (answer["total"]["entered"], answer["total"]["won"]) == (8000, 842)
    assert won[None] == (60, 14)
    assert won["unknown"] == (1099, 179)
    shares = {row["campaign"]: round(100 * row["won_share"], 1) for row in answer["rows"]}
    assert shares["unknown"] == 16.3
    assert shares["paid_search"] == 12.3
    assert shares["organic_search"] == 11.8
    assert shares["direct_traffic"] == 11.2
    assert shares["referral"] == 8.5
    assert shares["social"] == 5.6
    assert shares["display"] == 5.1
    assert shares["email"] == 3.0
    assert shares[None] == 23.3
    assert answer["total"]["early"] == 1, "one deal was closed before the first contact"
    assert answer["pos"] == facts.head()


def test_the_demo_export_of_salesforce_comes_in_by_its_maps(data):
    counted = {}
    for name, map_name in (
        ("Account", "accounts"),
        ("Contact", "contacts"),
        ("Lead", "leads"),
        ("CampaignMember", "campaign_members"),
        ("Task", "tasks"),
    ):
        code, answer = orchard(
            "import", data / "salesforce_demo" / f"{name}.csv", "--map", f"{MAPS}/salesforce_{map_name}.yaml"
        )
        assert code == 0, answer
        counted[name] = answer
    assert {name: answer["rejected"] for name, answer in counted.items()} == dict.fromkeys(counted, 0)
    assert counted["Contact"]["created"] == 102
    assert counted["CampaignMember"]["interactions"] == 68
    assert counted["Task"]["interactions"] == 75
    assert Contact.objects.count() == 162


@pytest.mark.parametrize(
    "file",
    [
        "linkedin/connections_2020plus_notes_url.csv",
        "linkedin/connections_2020plus_notes_url_crlf_bom.csv",
        "hubspot/contacts_default_view.csv",
        "hubspot/contacts_lifecycle.csv",
    ],
)
def test_known_exports_come_in_without_a_map_and_twice_is_once(data, file, tmp_path):
    copy = tmp_path / file.rsplit("/", 1)[1]
    copy.write_bytes((data / "formats" / file).read_bytes())
    code, first = orchard("import", copy)
    assert code == 0, first
    assert first["created"] > 0
    assert first["created"] + first["updated"] + first["unchanged"] + first["rejected"] == first["rows"]
    _, second = orchard("import", copy)
    assert (second["created"], second["updated"], second["interactions"]) == (0, 0, 0)


ADVERTISED = """
name: Advertised
score:
  engagement:
    - {name: Sent a form, kinds: [form.submitted], points: 10, half_life_days: 45, cap: 20}
handoff:
  any: [{did: [form.submitted], within_days: 3650, where: {field: campaign, is: paid_search}}]
promises:
  sales: {accept_within_hours: 4, attempts_before_no_answer: 6}
  marketing: {ripe_per_month: 120}
returns:
  - {reason: wrong_timing, label: Not now, ask: wake_on, eligible_after_days: 60}
"""


@pytest.mark.slow
def test_the_agreement_signed_on_real_data_says_who_is_a_lead_on_every_way_to_ask(olist, tmp_path):
    nora = member(Role.SALES, signs_for=(Side.SALES,))
    sam = member(Role.MARKETING, signs_for=(Side.MARKETING,))
    file = tmp_path / "agreement.yaml"
    file.write_text(ADVERTISED)
    for words in (
        ["check", file],
        ["propose", file],
        ["sign", "--as", nora.email],
        ["sign", "--as", sam.email],
    ):
        code, answer = orchard("agreement", *words)
        assert code == 0, answer
    _, refreshed = orchard("refresh")
    assert (refreshed["contacts"], refreshed["changed"]) == (8000, 8000)
    _, drained = orchard("drain")
    assert drained["stuck"] == 0
    _, answer = orchard("report", "funnel")
    steps = {row["campaign"]: row for row in answer["rows"]}
    paid = steps["paid_search"]
    assert (paid["entered"], paid["qualified"], paid["skipped"], paid["won"]) == (1586, 1586, 195, 195)
    assert steps["unknown"]["qualified"] == steps["unknown"]["skipped"] == steps["unknown"]["won"] == 179
    assert leads.counts(now=clock.now()).stale == 1586
    _, again = orchard("refresh")
    assert again["changed"] == 0
    _, rebuilt = orchard("rebuild")
    assert rebuilt["differences"] == 0
    assert leads.counts(now=clock.now()).stale == 1586
