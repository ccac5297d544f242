"""The guide to REST, followed word by word: its commands run in a shell against a real server."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from orchard.contacts import queries
from orchard.interactions import actions as ledger
from orchard.interactions.models import Interaction
from orchard.tasks import queries as task_queries
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, drain, lead_of, rep, ripe
from tests.make.members import member
from tests.make.server import environment, serving

GUIDE = Path("docs/guides/rest.md")


def blocks():
    return re.findall(r"```\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def shell(own_database, tmp_path):
    """Give a shell in a folder where `.venv/bin/orchard` is this Orchard."""
    command = tmp_path / ".venv" / "bin" / "orchard"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m orchard "$@"\n')
    command.chmod(0o755)
    given = {**environment(own_database), "PYTHONPATH": str(Path.cwd())}

    def run(script, address):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path,
            env={**given, "ORCHARD": address},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def answers(text):
    """Return the JSON objects that commands printed one behind another."""
    reader, found = json.JSONDecoder(), []
    while text := text.strip():
        value, end = reader.raw_decode(text)
        found.append(value)
        text = text[end:]
    return found


@pytest.fixture
def offered(own_database):
    """Let a lead be offered to the demo's member of Sales."""
    agreements.in_force(AGREEMENT)
    Member.objects.update(capacity=0)
    rep("Mei Tanabe", email="sales@demo.example")
    made = ripe("Ada Lovelace")
    drain()
    return lead_of(made)


def test_every_command_of_the_guide_works_and_what_it_promises_is_so(own_database, shell, offered):
    member(Role.ADMIN, email="admin@demo.example")
    with serving(own_database, workers=1) as server:
        said = answers(shell("\n".join(blocks()), server.address))
    me, made, stated, found, whole, facts, changed, phone, *of_leads, refused = said
    listed, accepted, logged, choices, returned = of_leads
    ledger.place()
    ana = queries.contact(made["id"])
    assert me["scopes"] == ["contacts:read", "contacts:write", "facts:read", "facts:write"]
    assert [each["id"] for each in found["contacts"]] == [whole["id"]] == [made["id"]]
    assert stated["facts"][0]["contact_id"] == made["id"]
    assert "facts" in facts
    assert (changed["changed"], ana.contact.title) == (["title"], "Head of Packaging")
    assert phone["id"] == ana.phones[0].id
    assert [each["id"] for each in listed["leads"]] == [offered.id]
    assert (accepted["state"], returned["state"]) == ("accepted", "returned")
    assert task_queries.step(logged["next_step_id"]).title == "Samples"
    assert {each["reason"] for each in choices["choices"]} > {"wrong_timing", "no_answer"}
    assert (refused["status"], refused["errors"][0]["pointer"]) == (422, "/facts/0/contact")
    assert Interaction.objects.filter(kind="quote.requested", contact_id=made["id"]).count() == 1
