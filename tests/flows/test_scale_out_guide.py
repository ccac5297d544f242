"""The guide to more than one machine, done word by word: a cluster that answers as DuckDB does, and loses its parts."""

import configparser
import json
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from bench import company, facts, leads, people
from orchard.cli.main import _parser
from orchard.engine import spark
from orchard.interactions import actions as ledger
from orchard.kit import clock
from tests.arch.house import ROOT
from tests.make import company as lives
from tests.make import server

GUIDE = (ROOT / "docs" / "guides" / "scale-out.md").read_text(encoding="utf-8")
PEOPLE, FACTS, LEADS = 5_000, 100_000, 500
SOON = 120

# Every report over one session, in a third of its groups: all of them are asked in tests/engines, of one process.
EVERY = """
import json, sys, django
django.setup()
from orchard.engine import lake, spark
from orchard.kit import clock
from orchard.reports.queries import numbers
from orchard.reports.types import Asked

now, equal, unlike = clock.now(), [], []
lake.sync(now=now)
with spark.working(sys.argv[1]) as session:
    for report in numbers.REPORTS.values():
        there = numbers.OnSpark(session, report.steps, lake.files_of())
        for by in report.bys[::3]:
            said = [
                json.dumps(numbers.answer(report.name, Asked(by=by), now=now, source=source).data(), default=str)
                for source in (None, there)
            ]
            (equal if said[0] == said[1] else unlike).append(f"{report.name} by {by}")
print(json.dumps({"equal": equal, "unlike": unlike}))
"""
NO_WORKER = """
import sys
from orchard.engine import spark
from orchard.kit.errors import Refused
spark.WORKER_SECONDS = 1
try:
    spark.session(sys.argv[1])
except Refused as error:
    print(error)
"""


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL)


def test_the_units_are_well_formed():
    names = []
    for text in blocks("ini"):
        unit = configparser.ConfigParser(interpolation=None, strict=True)
        unit.optionxform = str
        unit.read_string(text)
        names += re.findall(r"\A# /etc/systemd/system/(\S+)\n", text)
        assert {"Unit", "Service", "Install"} == set(unit.sections())
        assert unit["Service"]["User"] == "orchard"
        (tried,) = re.findall(r"org\.apache\S+", unit["Service"]["ExecStart"])
        assert any(f" {tried} --host 127.0.0.1" in line for line in (*blocks("master"), *blocks("worker")))
    assert names == ["spark-master.service", "spark-worker.service"]


def test_every_command_that_it_shows_is_one_and_its_sentences_are_said():
    lines = "".join([*blocks("work"), *blocks("compare")]).splitlines()
    shown = [
        line.removeprefix(".venv/bin/orchard ") for line in lines if line.startswith(".venv/bin/orchard ")
    ]
    assert len(shown) == 6
    for line in shown:
        assert _parser().parse_args(shlex.split(line)).command
    source = Path(spark.__file__).read_text()
    assert "No Spark master answers at" in source
    assert spark.WORKER_SECONDS == 60
    assert re.search(r"^spark: install", (ROOT / "Makefile").read_text(), re.MULTILINE), "make spark"


class Cluster:
    """The terminals of the guide, in a folder that looks like the clone, on ports that nobody else has."""

    def __init__(self, folder, environment):
        self.folder, self.environment, self.parts, self.locals = folder, environment, [], {}
        with socket.socket() as one, socket.socket() as other:
            for probe in (one, other):
                probe.bind(("127.0.0.1", 0))
            self.ports = {"7077": str(one.getsockname()[1]), "8080": str(other.getsockname()[1])}
        self.address = f"spark://127.0.0.1:{self.ports['7077']}"

    def text(self, kind, place=0):
        """Return a block of the guide with the ports of this run."""
        return re.sub("|".join(self.ports), lambda found: self.ports[found[0]], blocks(kind)[place])

    def shell(self, text):
        """Type this into a terminal, and return what stands there once all of it is done."""
        return self.wait(self.type(text))

    def type(self, text):
        """Type this into a terminal of its own."""
        process = subprocess.Popen(
            ["/bin/sh", "-e", "-c", self.text("terminal") + text],
            cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.parts.append(process)
        return process

    def wait(self, process):
        out, said = process.communicate(timeout=600)
        assert process.returncode == 0, said[-3000:]
        return out

    def start(self, kind, place=0):
        """Start a master or a worker as it is written; what it spills lies in a folder that tells it apart."""
        spilled = self.folder / "spilled" / f"{kind}-{place}"
        with (self.folder / f"{kind}-{place}.log").open("w") as log:
            process = subprocess.Popen(
                ["/bin/sh", "-c", self.text("terminal") + "exec " + self.text(kind, place)],
                cwd=self.folder, env={**self.environment, "SPARK_LOCAL_DIRS": str(spilled)}, stdout=log, stderr=log,
            )  # fmt: skip
        self.parts.append(process)
        self.locals[process] = spilled
        return process

    def page(self):
        """Return what the master's page says, as data."""
        (_, _, address) = self.text("look").split()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return json.load(answer)
        except OSError:
            return {}

    def until(self, holds, seconds=180):
        """Wait until something holds, and return it."""
        last = time.monotonic() + seconds
        while not (found := holds()):
            assert time.monotonic() < last, (
                self.page(),
                [log.read_text()[-500:] for log in self.folder.glob("*.log")],
            )
            time.sleep(0.05)
        return found

    def end(self):
        """End what still runs, with all that it has started."""
        for process in self.parts:
            if process.poll() is None:
                for each in [*psutil.Process(process.pid).children(recursive=True), process]:
                    each.kill()
                process.wait(30)


@pytest.fixture
def cluster(own_database, tmp_path, settings):
    """Load a company, and lay a folder out like the clone."""
    if lacking := spark.why_not():
        pytest.skip(lacking)
    settings.ORCHARD_HOME = tmp_path / "home"
    load()
    import pyspark

    packages = tmp_path / ".venv" / "lib" / "python3" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "pyspark").symlink_to(pyspark.__path__[0])
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir()
    for name, start in (("orchard", "-m orchard "), ("python", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {start}"$@"\n')
        (programs / name).chmod(0o755)
    environment = (
        server.environment(own_database)
        | {
            "ORCHARD_HOME": str(tmp_path / "home"),
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "orchard.settings",
            "PYSPARK_PYTHON": "/nowhere",  # the cluster needs no Python
            "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # what lives for seconds needs no polish
        }
    )
    found = Cluster(tmp_path, environment)
    yield found
    found.end()


def load():
    """Make a company of many people with the benches' facts, and of some whose lives have everything in them."""
    since = clock.now() - facts.SPAN
    company.found(since)
    people.store(PEOPLE, since)
    lives.founded(people=40)
    facts.append(FACTS, PEOPLE, until=clock.now() - timedelta(minutes=1), bulk="true")
    leads.append(LEADS, PEOPLE)
    while ledger.place():
        pass
    facts.read_to_the_end()


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_guide_goes_as_it_is_written_and_a_worker_and_the_master_may_die(cluster):
    cluster.shell(cluster.text("prepare"))
    master = cluster.start("master")
    cluster.until(lambda: cluster.page().get("status") == "ALIVE")
    said = cluster.shell(f".venv/bin/python -c {shlex.quote(NO_WORKER)} {cluster.address}")
    assert said.startswith(f"Spark at {cluster.address} gave no worker within 1 s. None is alive,")

    workers = [cluster.start("worker", place) for place in range(2)]
    cluster.until(lambda: cluster.page().get("aliveworkers") == 2)
    assert json.loads(cluster.shell(cluster.text("look")))["aliveworkers"] == 2
    said = cluster.shell(cluster.text("work"))
    assert f"{PEOPLE + 40:,} contacts assessed" in said
    assert "As of place" in said
    assert {app["name"] for app in cluster.page()["completedapps"]} == {"orchard"}
    compare(cluster)

    found = json.loads(cluster.shell(f".venv/bin/python -c {shlex.quote(EVERY)} {cluster.address}"))
    assert found["unlike"] == []
    assert len(found["equal"]) == 14

    a_worker_dies(cluster, workers)
    the_master_dies(cluster, master)


def compare(cluster):
    """Do what the guide says shows that both engines answer alike."""
    stay_within_the_hour()
    there, here = map(json.loads, cluster.shell(cluster.text("compare")).splitlines()[:2])
    assert (there["engine"], here["engine"]) == (cluster.address, "duckdb")
    assert here["contacts"] == there["contacts"] == PEOPLE + 40
    assert here["changed"] == 0
    assert (cluster.folder / "there.json").read_bytes() == (cluster.folder / "here.json").read_bytes()


def a_worker_dies(cluster, workers):
    """Kill a worker with what it runs, once it has done a part that the rest of the work needs."""
    stay_within_the_hour()
    another_version()
    begun = time.time()
    running = cluster.type(f".venv/bin/orchard refresh --engine {cluster.address} --json")
    doomed = cluster.until(
        lambda: next((each for each in workers if has_done_a_part(cluster, each, begun)), None)
    )
    assert [app["state"] for app in cluster.page()["activeapps"]] == ["RUNNING"]
    for process in [*psutil.Process(doomed.pid).children(recursive=True), doomed]:
        process.kill()
    assert running.poll() is None
    there = json.loads(cluster.wait(running))
    assert there["changed"] == PEOPLE + 40
    assert cluster.page()["aliveworkers"] == 1
    here = json.loads(cluster.shell(".venv/bin/orchard refresh --engine duckdb --json"))
    assert here["changed"] == 0


def has_done_a_part(cluster, worker, since):
    """Tell whether rows lie with a worker that others are to fetch from there."""
    written = (path.stat().st_mtime for path in cluster.locals[worker].rglob("shuffle_*.data"))
    return any(at > since for at in written)


def the_master_dies(cluster, master):
    """Kill the master while the last worker works: that command ends well, and the next one is refused."""
    asked = f".venv/bin/orchard report cost --engine {cluster.address} --out there.json"
    running = cluster.type(asked)
    cluster.until(lambda: cluster.page().get("coresused"))
    master.kill()
    assert running.poll() is None
    cluster.wait(running)
    cluster.shell(".venv/bin/orchard report cost --engine duckdb --out here.json")
    assert (cluster.folder / "there.json").read_bytes() == (cluster.folder / "here.json").read_bytes()
    refused = cluster.type(asked)
    _, said = refused.communicate(timeout=60)
    assert (refused.returncode, said.count("\n")) == (1, 1)
    assert said.startswith(f"No Spark master answers at {cluster.address} (Connection refused).")


def another_version():
    """Let everybody's verdict be an older version's."""
    company.sign(company.agreement().replace("at_least: 60", "at_least: 55"), clock.now())


def stay_within_the_hour():
    """Let an hour that ends soon end first: verdicts of two hours may differ."""
    now = clock.now()
    left = (clock.full_hour(now) + timedelta(hours=1) - now).total_seconds()
    if left < SOON:
        time.sleep(left)
