"""What the guide to watching says is so: its metrics are there, its alerts ask for them, its line of the log is one."""

import json
import logging
import re
from pathlib import Path

import pytest
import yaml
from django.test import Client

from orchard import config, flow
from orchard.interactions import actions as ledger
from orchard.kit import clock, logs
from orchard.team.types import Role
from orchard.watch import actions as watch
from tests.make.command import orchard
from tests.make.members import member

GUIDE = Path("docs/guides/watching.md").read_text(encoding="utf-8")
METRIC = re.compile(r"\borchard_[a-z_]+\b")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def told():
    """Read every metric of a house that has begun to work."""
    ledger.ensure_cursors(flow.CONSUMERS)
    for part in ("live", "bulk", "work"):
        watch.beat(
            part=part,
            host="here",
            pid=1,
            memory=1,
            now=clock.now(),
            doing="engine.lake",
            doing_since=clock.now(),
        )
    Client().get("/healthz")
    (address,) = re.findall(r"curl -s http://127.0.0.1:8000(\S+)", GUIDE)
    return Client().get(address).content.decode()


@pytest.mark.django_db
def test_every_metric_that_the_guide_names_is_there_and_every_other_is_named(told):
    there = set(re.findall(r"^# TYPE (\w+)", told, re.MULTILINE)) - {"orchard_requests_created"}
    named = set(METRIC.findall(GUIDE))
    assert named == {name for name in there if not name.endswith("_created")}


@pytest.mark.django_db
def test_the_alerts_ask_for_metrics_and_labels_that_are_there(told):
    scraping, alerts = (yaml.safe_load(block) for block in blocks("yaml"))
    assert scraping["scrape_configs"][0]["metrics_path"] == "/metrics"
    rules = alerts["groups"][0]["rules"]
    assert len(rules) == 6
    for rule in rules:
        assert METRIC.findall(rule["expr"]), rule
        for name in METRIC.findall(rule["expr"]):
            assert name in told
    for part in ("live", "bulk", "work"):
        assert f'orchard_heartbeat_seconds{{part="{part}"}}' in told


@pytest.mark.django_db
def test_the_line_of_the_log_has_the_keys_that_lines_have(client, caplog):
    client.force_login(member(Role.SALES))
    with caplog.at_level(logging.INFO, "orchard.web"):
        caplog.handler.setFormatter(logs.Json())
        caplog.handler.stream.truncate(0)
        client.get("/tasks/")
    (line,) = [line for line in caplog.handler.stream.getvalue().splitlines() if "orchard.web" in line]
    (example,) = (json.loads(block) for block in blocks("json"))
    assert set(json.loads(line.lstrip("\0"))) == set(example)


def test_the_variables_are_those_that_are_read():
    assert set(re.findall(r"\bORCHARD_[A-Z_]+\b", GUIDE)) <= set(config.KNOWN)


def test_the_command_says_what_the_guide_says(own_database):
    assert "    orchard check\n" in GUIDE
    code, said = orchard("check")
    assert (code, set(said)) == (1, {"ok", "findings"})
    for finding in said["findings"]:
        assert set(finding) == {"severity", "about", "what", "what_to_do"}
        assert finding["severity"] in {"broken", "look"}
