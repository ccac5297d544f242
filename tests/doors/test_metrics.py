"""What Prometheus reads, who may read it, and that its labels are few."""

import re
from urllib.request import Request

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from orchard import flow
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.leads.types import OPEN
from orchard.outbox import actions as outbox
from orchard.outbox.models import Gate
from orchard.team.types import Role
from orchard.watch import actions as watch
from orchard.web.permissions import PERMISSIONS
from tests.make.members import member
from tests.make.server import asked, serving

TOKEN = "0123456789abcdef0123456789abcdef"


def read(text):
    """Return every sample by its name and labels."""
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scrape(client=None, **headers):
    return read((client or Client()).get("/metrics", headers=headers).content.decode())


@pytest.mark.django_db
def test_requests_are_counted_by_route_method_and_class_of_the_status(client):
    before = scrape()
    client.get("/login")
    client.get("/login")
    client.get("/nothing/here/of/nora@company.example")
    client.generic("NORA", "/login")
    after = scrape()

    def more(name, *labels):
        key = (name, *sorted(labels))
        return after[key] - before.get(key, 0)

    assert more("orchard_requests_total", "account_login", "GET", "2xx") == 2
    assert more("orchard_request_seconds_count", "account_login", "GET") == 2
    assert more("orchard_requests_total", "unknown", "GET", "4xx") == 1
    assert more("orchard_requests_total", "account_login", "other", "4xx") == 1


@pytest.mark.django_db
def test_labels_hold_names_of_ours_alone(client):
    old = Client().get("/metrics").content.decode()
    client.force_login(member(Role.ADMIN, name="Nora Lind"))
    client.get("/contacts/", {"words": "Nora"})
    client.get("/nothing/nora-lind")
    new = Client().get("/metrics").content.decode()
    routes = set(re.findall(r'route="([^"]*)"', new)) - set(re.findall(r'route="([^"]*)"', old))
    assert "nora" not in new.lower()
    assert "contacts:list" in new
    assert routes <= {*PERMISSIONS, "unknown"}


@pytest.mark.django_db
def test_the_house_is_told_in_figures(client):
    ledger.ensure_cursors(flow.CONSUMERS)
    ledger.append([NewFact("email.clicked", clock.now(), contact_id=7)], now=clock.now())
    ledger.place()
    outbox.put(channel="email", recipient="a@b.example", payload={}, unique_key="1", now=clock.now())
    Gate.objects.update_or_create(id=1, defaults={"open": False})
    watch.beat(
        part="live",
        host="here",
        pid=1,
        memory=5_000,
        now=clock.now(),
        doing="leads.tick",
        doing_since=clock.now(),
    )
    said = scrape()
    assert said["orchard_consumer_behind_facts", "agreement.assess", "live"] == 1
    assert 0 <= said["orchard_consumer_behind_seconds", "agreement.assess", "live"] < 60
    assert said["orchard_consumer_behind_seconds", "agreement.assess", "bulk"] == 0
    assert (said["orchard_outbox_waiting",], said["orchard_outbox_gate_open",]) == (1, 0)
    assert (said["orchard_processes", "live"], said["orchard_process_memory_bytes", "live"]) == (1, 5_000)
    assert {name[1] for name in said if name[0] == "orchard_leads"} == {state.value for state in OPEN}
    assert said["orchard_lake_behind_facts",] == 1
    assert said["orchard_database_up",] == 1
    for name in ("stuck_contacts", "offers_overdue", "database_bytes", "disk_free_bytes", "outbox_failed"):
        assert (f"orchard_{name}",) in said


@pytest.mark.django_db
def test_a_scrape_asks_few_questions(django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        assert Client().get("/metrics").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": "::ffff:192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_AUTHORIZATION": "Bearer wrong"},
        {"HTTP_AUTHORIZATION": "Bearer "},
    ],
)
def test_others_are_refused(client, given):
    answer = client.get("/metrics", **given)
    assert answer.status_code == 403
    assert b"orchard_" not in answer.content


@pytest.mark.django_db
def test_with_the_token_anybody_reads_and_behind_a_proxy_nobody_without(client, settings):
    settings.ORCHARD_METRICS_TOKEN = TOKEN
    far = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, **far).status_code == 200
    for wrong in (f"Bearer {TOKEN}x", "Bearer é", f"Basic {TOKEN}"):
        assert client.get("/metrics", headers={"Authorization": wrong}).status_code == 403
    settings.ORCHARD_HOSTS = ("orchard.example",)
    assert client.get("/metrics").status_code == 403


@pytest.mark.timeout(180)
def test_the_processes_of_a_server_count_together(own_database):
    with serving(own_database, workers=2) as server:
        for _ in range(20):
            assert asked(Request(f"{server.address}/login"))[0] == 200
        for _ in range(4):
            status, _, body = asked(Request(f"{server.address}/metrics"))
            said = read(body.decode())
            assert status == 200
            assert said["orchard_requests_total", *sorted(("account_login", "GET", "2xx"))] == 20
            assert said["orchard_build_info", "0.1.0"] == 1
        assert said["orchard_processes", "web"] >= 1
