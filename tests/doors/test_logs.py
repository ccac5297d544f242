"""Whatever Orchard does with somebody, the log knows no name, no address, no number, no word and no token of theirs."""

import io
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import include, path, reverse

from orchard import flow
from orchard.api import problems
from orchard.connect import actions as connect
from orchard.connect import jobs as import_jobs
from orchard.connect import queries as imports
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock, logs
from orchard.outbox import actions as outbox
from orchard.outbox import jobs as mail
from orchard.team.types import Role
from orchard.web import permissions
from tests.make import smtp_sink
from tests.make.members import PASSWORD, member
from tests.make.rest import token

pytestmark = pytest.mark.django_db

CANARY = "Kanarienvogel"
PHONE = "+49 431 7654321"
TOKEN = "Xy3kLmN0pQrStUvWxYz12345AbCdEf"
FILE = f"Email,Last,Phone,When\n{CANARY}@example.com,{CANARY},{PHONE},2026-10-30\n,,,never {CANARY}\n"
MAP = """
contact: {email: Email, last_name: Last, phone: Phone}
interactions: [{kind: quote.requested, at: When}]
"""


def fails(_request):
    raise ValueError(f"{CANARY} {PHONE} {TOKEN}")


def fails_in_the_database(_request):
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(
                "INSERT INTO team (name, code, created_at) VALUES (%s, %s, now())", [CANARY, CANARY.lower()]
            )


urlpatterns = [
    path("fails", fails, name="fails"),
    path("fails-in-database", fails_in_the_database, name="fails_in_database"),
    path("", include("orchard.urls")),
]
handler500 = "orchard.web.watching.failed"


@pytest.fixture(params=["text", "json"])
def log(request):
    """Write the log as a process would, at its most talkative, and give what it says."""
    handler, root = logging.StreamHandler(io.StringIO()), logging.getLogger()
    handler.setFormatter({"text": logs.Text, "json": logs.Json}[request.param]())
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield handler.stream.getvalue
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def failing(settings, monkeypatch):
    settings.ROOT_URLCONF = __name__
    for name in ("fails", "fails_in_database"):
        monkeypatch.setitem(permissions.PERMISSIONS, name, permissions.PUBLIC)
    return Client(raise_request_exception=False)


def poison(batch):
    raise ValueError(f"{CANARY} cannot be digested, nor {batch.facts}")


def pages(client):
    client.post("/login", {"login": f"{CANARY}@example.com", "password": f"{CANARY}-{TOKEN}"})
    client.force_login(
        member(Role.ADMIN, password=PASSWORD, name=CANARY, email=f"{CANARY.lower()}@orchard.example")
    )
    fields = {"full_name": CANARY, "email": f"{CANARY}@example.com", "phone": PHONE}
    client.post(reverse("contacts:new"), fields)
    client.get(reverse("contacts:list"), {"words": CANARY})
    client.get(f"/invitation/{TOKEN}")
    client.get(f"/nothing/{CANARY}/{TOKEN}?words={CANARY}")
    client.get("/", headers={"Host": f"{CANARY}.example"})
    strict = Client(enforce_csrf_checks=True)
    strict.post(
        "/login",
        {"login": CANARY},
        headers={"Origin": f"https://{CANARY}.example", "Referer": f"https://x/?{CANARY}"},
    )


def rest(client):
    secret = token(name=CANARY)
    body = {"full_name": CANARY, "email": f"{CANARY}@example.com", "nothing": TOKEN}
    headers = {"Authorization": f"Bearer {secret}"}
    client.post("/api/v1/contacts", body, content_type="application/json", headers=headers)
    client.get(
        "/api/v1/contacts", {"email": f"{CANARY}@example.com"}, headers={"Authorization": f"Bearer {TOKEN}"}
    )
    return secret


def imported(client):
    client.post(reverse("imports:new"), {"file": SimpleUploadedFile(f"{CANARY}.csv", FILE.encode())})
    import_id = imports.imports().rows[0].id
    connect.describe(import_id=import_id, map_text=MAP)
    connect.launch(import_id=import_id, now=clock.now())
    import_jobs.work(clock.now())


def mails(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    payload = {"subject": f"For {CANARY}", "text": f"https://orchard.example/invitation/{TOKEN}"}
    outbox.put(
        channel="email",
        recipient=f"no-{CANARY}@example.com",
        payload=payload,
        unique_key="1",
        now=clock.now(),
    )
    with smtp_sink.sink() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        mail.deliver_email(clock.now())


def test_pages_imports_consumers_and_mails_that_fail_leave_nobody_in_the_log(
    log, failing, settings, tmp_path
):
    settings.ORCHARD_HOME = tmp_path
    pages(failing)
    secret = rest(failing)
    imported(failing)
    at = datetime(2026, 5, 1, tzinfo=UTC)
    ledger.append([NewFact("email.clicked", at, contact_id=7)], now=clock.now())
    ledger.drain([replace(flow.consumer("interactions.classify"), function=poison)])
    mails(settings)
    assert failing.get("/fails").status_code == 500
    assert failing.get("/fails-in-database").status_code == 500
    said = log()
    for told in ("contacts:new", "is stuck at pos", "did not leave", "ValueError", "23505", "contacts:list"):
        assert told in said, f"the log does not tell of {told}"
    for canary in (CANARY, PHONE, "7654321", TOKEN, secret, secret[-20:], "words="):
        assert canary.lower() not in said.lower(), next(
            line for line in said.splitlines() if canary.lower() in line.lower()
        )


def test_json_lines_are_objects_that_say_who_asked_what(log, client):
    person = member(Role.ADMIN)
    client.force_login(person)
    answer = client.get("/tasks/", headers={"X-Request-ID": "f" * 32})
    said = log()
    lines = [line for line in said.splitlines() if "tasks:list" in line]
    if said.startswith("{"):
        (line,) = [json.loads(line) for line in lines]
        assert {name: line[name] for name in ("level", "route", "method", "status", "member_id")} == {
            "level": "info",
            "route": "tasks:list",
            "method": "GET",
            "status": 200,
            "member_id": person.id,
        }
        assert line["request_id"] == answer["X-Request-ID"] != "f" * 32, "no proxy is trusted here"
        assert line["ms"] > 0
    else:
        assert f"member_id={person.id}" in lines[0]


def test_a_trusted_proxy_names_the_request_if_it_does_so_properly(client, settings):
    settings.ORCHARD_HOSTS = ("orchard.example",)
    given = "0B7D5A52-7F3C-4F9A-9D0B-3B0E8C1A2F11"
    assert client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] == given.lower()
    for bad in ("nora@company.example", "1", "f" * 33, "a b", "+49 431 588580"):
        assert client.get("/healthz", headers={"X-Request-ID": bad})["X-Request-ID"] != bad


def test_the_error_page_shows_the_number_under_which_the_log_knows_the_fault(failing, caplog):
    answer = failing.get("/fails")
    number = answer["X-Request-ID"]
    assert answer.status_code == 500
    assert number in answer.content.decode()
    assert "orchard.web" in {record.name for record in caplog.records}


def test_a_fault_of_the_rest_door_says_how_the_operator_finds_it():
    assert "X-Request-ID" in json.loads(problems.plain(500).content)["detail"]
