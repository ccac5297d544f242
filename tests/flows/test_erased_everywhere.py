"""A person who was erased is nowhere: not in a dump, not in the lake, not in a file of the home, not in a log."""

import os
import subprocess
from datetime import UTC, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pyarrow import parquet

from orchard import flow
from orchard.connect import actions as connect
from orchard.connect import jobs, queries
from orchard.contacts import actions
from orchard.contacts import queries as contacts
from orchard.engine import jobs as engine_jobs
from orchard.engine import lake
from orchard.interactions import actions as ledger
from orchard.kit import clock, embedded_postgres
from orchard.outbox import actions as outbox
from orchard.team.types import Role
from tests.ground import HOME
from tests.make import agreements, database
from tests.make.members import member

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
CANARY = "Kanarienvogel"

WHO = f"{CANARY}@example.com,{CANARY}a,{CANARY}b,Nordfoods,{CANARY} title,+431588580"
FILE = f"""Email,First,Last,Company,Title,Phone,Profile,When,Source,Opted in
{WHO},linkedin.com/in/{CANARY.lower()},2026-10-30,Fair,yes
{WHO},,not a date,Fair,yes
bob@example.com,Bob,Baker,Nordfoods,,,,2026-10-29,Fair,
"""
MAP = """
contact:
  email: Email
  first_name: First
  last_name: Last
  account.name: Company
  title: Title
  phone: Phone
  linkedin: Profile
interactions:
  - {kind: quote.requested, at: When, campaign: Source}
consent:
  - {purpose: newsletter, at: When, only_if: Opted in, wording: Yes please}
"""


def dump(name):
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }
    where = {names[key]: value for key, value in database.parameters(name).items()}
    done = subprocess.run(
        [embedded_postgres.pg_dump_path(HOME), "--no-owner"],
        env={**os.environ, **where},
        check=True,
        capture_output=True,
    )
    return done.stdout


def files_that_hold(folder, text):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if text.lower().encode() in plain(path).lower()]


def plain(path):
    """Return the bytes of a file, those of Parquet unpacked."""
    if path.suffix != ".parquet":
        return path.read_bytes()
    return str(parquet.ParquetFile(path).read().to_pylist()).encode()


def imported(uploader):
    client = Client()
    client.force_login(uploader)
    client.post(reverse("imports:new"), {"file": SimpleUploadedFile(f"{CANARY[:4]}.csv", FILE.encode())})
    import_id = queries.imports().rows[0].id
    connect.describe(import_id=import_id, map_text=MAP)
    connect.launch(import_id=import_id, now=NOW)
    jobs.work(NOW)
    return client, import_id


def test_an_erased_person_is_in_no_dump_no_lake_no_file_and_no_log(own_database, settings, tmp_path, caplog):
    settings.ORCHARD_HOME = tmp_path
    with clock.at(NOW):
        agreements.in_force()
        client, import_id = imported(member(Role.MARKETING))
        ledger.drain(flow.CONSUMERS)
        person = contacts.find_by_email(f"{CANARY}@example.com")
        outbox.put(
            channel="email",
            recipient=f"{CANARY}@example.com",
            payload={"text": f"Dear {CANARY}"},
            unique_key="1",
            now=NOW,
        )
        lake.sync(now=NOW)
        assert CANARY.lower().encode() in dump(own_database).lower()
        actions.erase_contact(contact_id=person, now=NOW, actor_id=None)
        ledger.drain(flow.CONSUMERS)
        engine_jobs.keep_up(NOW)
        engine_jobs.keep_up(NOW + lake.GRACE + timedelta(seconds=1))
        for name in ("imports:show", "imports:rejects"):
            answer = client.get(reverse(name, args=[import_id]))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert CANARY.lower().encode() not in body.lower()
    assert CANARY.lower().encode() not in dump(own_database).lower()
    assert files_that_hold(tmp_path, CANARY) == []
    assert files_that_hold(embedded_postgres.places(HOME).log.parent, CANARY) == []
    assert CANARY.lower() not in caplog.text.lower()
    assert contacts.find_by_email("bob@example.com") is not None
