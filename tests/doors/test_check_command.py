"""`orchard check` says what is misconfigured, and what to do about it."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from orchard import config
from orchard.backup.models import Made
from orchard.cli import main
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports import queries as reports
from orchard.reports.types import Grade
from orchard.team.types import Role, Side
from orchard.watch import actions as watch
from tests.make import agreements, smtp_sink
from tests.make.command import orchard
from tests.make.members import member
from tests.make.server import environment

GOOD_SECRET = "kX9-alongkeythatnobodyguessesever-7Qz"


MACHINE = {"Database", "Database role", "Memory", "Disk", "Clocks", "Slow answers"}


def in_order():
    """Let there be whoever and whatever a house needs."""
    agreements.in_force()
    member(Role.ADMIN, signs_for=(Side.SALES, Side.MARKETING))
    Made.objects.create(at=clock.now(), path="x", tables=9, rows=9, bytes=9, file_bytes=9, seconds=9)
    for part in ("live", "bulk", "work"):
        watch.beat(part=part, host="here", pid=1, memory=1, now=clock.now())


def found(about):
    return [one for one in reports.set_up() if one.about == about]


def test_a_house_in_order_is_well(own_database, tmp_path):
    """It is asked as an operator asks, by a process of its own; how busy this machine is belongs to no house."""
    in_order()
    given = {"ORCHARD_SECRET_KEY": GOOD_SECRET, "ORCHARD_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "orchard", "check", "--json"],
        env={**environment(own_database), **given},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    said = json.loads(done.stdout)
    assert [one for one in said["findings"] if one["about"] not in MACHINE] == []
    if not said["findings"]:
        assert (done.returncode, said["ok"]) == (0, True)


def test_what_is_broken_is_said_with_what_to_do_and_ends_with_1(own_database, capsys):
    code, said = orchard("check")
    assert (code, said["ok"]) == (1, False)
    by_about = {one["about"]: one for one in said["findings"]}
    assert by_about["Worker"]["severity"] == "broken"
    assert "Start `orchard worker`" in by_about["Worker"]["what_to_do"]
    assert "orchard member add" in by_about["Members"]["what_to_do"]
    assert by_about["Agreement"]["severity"] == "look"
    assert main(["check"]) == 1
    text = capsys.readouterr().out
    assert (
        text.index("Broken") < text.index("Worker:") < text.index("Look at this") < text.index("Agreement:")
    )


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("ORCHARD_LOG", "xml", "ORCHARD_LOG must be one of text, json."),
        ("ORCHARD_LOG_LEVEL", "loud", "ORCHARD_LOG_LEVEL must be one of"),
        ("ORCHARD_SLOW_MS", "0", "ORCHARD_SLOW_MS must be"),
        ("ORCHARD_SLOW_MS", "²", "ORCHARD_SLOW_MS must be"),
        ("ORCHARD_METRICS_TOKEN", "short", "at least 24 characters"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL must look like"),
        ("ORCHARD_EMAIL_URL", "post", "ORCHARD_EMAIL_URL must be"),
    ],
)
def test_a_setting_that_cannot_be_is_a_finding(name, value, word):
    done = subprocess.run(
        [sys.executable, "-m", "orchard", "check", "--json"],
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = json.loads(done.stdout)
    assert (done.returncode, said["ok"]) == (1, False)
    assert word in said["findings"][0]["what"]


def test_settings_of_the_log_are_read_and_wrong_ones_refused():
    given = config.read({"ORCHARD_LOG": "JSON", "ORCHARD_SLOW_MS": "50"})
    assert (given.log, given.log_level, given.slow_ms, given.metrics_token) == ("json", "info", 50, "")
    with pytest.raises(Refused):
        config.read({"ORCHARD_LOG": "xml"})


def test_a_slip_of_the_pen_in_a_name_is_noticed():
    assert config.strangers({"ORCHARD_HOST": "x", "ORCHARD_ZZZ": "1", "ORCHARD_HOME": "/x", "HOME": "/"}) == [
        ("ORCHARD_HOST", "ORCHARD_HOSTS"),
        ("ORCHARD_ZZZ", ""),
    ]


def test_every_setting_that_is_read_is_known():
    read = set(
        re.findall(r'environment(?:\.get\(|\[|, )"(ORCHARD_[A-Z_]+)"', Path(config.__file__).read_text())
    )
    assert len(read) > 8
    assert config.strangers(dict.fromkeys(read, "x")) == []


def test_a_database_that_is_away_or_empty_is_the_finding(own_database):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = subprocess.run(
        [sys.executable, "-m", "orchard", "check", "--json"],
        env={**environment(own_database), "DATABASE_URL": f"postgresql://nobody@127.0.0.1:{port}/orchard"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    (one,) = json.loads(done.stdout)["findings"]
    assert (done.returncode, one["about"], one["severity"]) == (1, "Database", "broken")
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_a_plain_secret_or_one_that_others_read_is_found(settings, tmp_path, monkeypatch):
    settings.SECRET_KEY = "x" * 60
    assert found("Secret key")[0].grade is Grade.BROKEN
    settings.SECRET_KEY, settings.ORCHARD_HOME = GOOD_SECRET, tmp_path
    monkeypatch.delenv("ORCHARD_SECRET_KEY", raising=False)
    (tmp_path / "secret").write_text(GOOD_SECRET)
    (tmp_path / "secret").chmod(0o644)
    assert found("Secret key")[0].grade is Grade.LOOK
    (tmp_path / "secret").chmod(0o600)
    assert found("Secret key")[0].grade is Grade.WELL


@pytest.mark.django_db
def test_what_others_must_not_reach_is_broken_once_they_reach_it(settings):
    member(Role.ADMIN, email="admin@demo.example")
    settings.DEBUG = True
    assert (found("Demo company"), found("Debug")[0].grade) == ([], Grade.LOOK)
    settings.ORCHARD_HOSTS = ("orchard.company.example",)
    assert (found("Demo company")[0].grade, found("Debug")[0].grade) == (Grade.BROKEN, Grade.BROKEN)
    assert found("Mail")[0].grade is Grade.LOOK
    assert found("Address")[0].grade is Grade.WELL
    for wrong in ("*", "https://orchard.example", "orchard.example:8000", ".example/"):
        settings.ORCHARD_HOSTS = (wrong,)
        assert found("Address")[0].grade is Grade.BROKEN, wrong


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_to_is_found(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path / "nowhere"
    (one,) = found("Data folder")
    assert (one.grade, "No such file" in one.what) == (Grade.BROKEN, True)


@pytest.mark.django_db
def test_a_zone_that_nobody_knows_is_found():
    member(Role.ADMIN, time_zone="Europe/Berlin")
    assert found("Time zone") == []
    from orchard.team.models import Member

    Member.objects.update(time_zone="Mars/Olympus")
    assert "Mars/Olympus" in found("Time zone")[0].what


def test_a_cluster_that_is_away_is_found(settings):
    assert reports.engine_answers().grade is Grade.WELL
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.ORCHARD_ENGINE = f"spark://127.0.0.1:{nobody.getsockname()[1]}"
        one = reports.engine_answers()
    assert (one.grade, one.about) == (Grade.BROKEN, "Engine")
    assert "Spark" in one.what


def test_the_mail_server_is_asked_and_nothing_is_sent(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with smtp_sink.sink() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        assert reports.mail_answers().grade is Grade.WELL
    assert (server.connections, server.mails) == (1, [])
    one = reports.mail_answers()
    assert (one.grade, "Connection refused" in one.what) == (Grade.BROKEN, True)
