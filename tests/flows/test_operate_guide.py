"""The guide for operators: its units are well-formed, its settings exist, its drill is done word by word."""

import configparser
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from orchard import config
from orchard.cli.main import _parser
from orchard.kit import processes
from tests.arch.house import ROOT

GUIDE = (ROOT / "docs" / "guides" / "operate.md").read_text(encoding="utf-8")
READ = Path(config.__file__).read_text(encoding="utf-8")
SECTIONS = {"service": {"Unit", "Service"}, "timer": {"Unit", "Timer", "Install"}}


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def units():
    """Yield each unit of the guide: its name, and what it says by section."""
    for text in blocks("ini"):
        name = re.match(r"# /etc/systemd/system/(\S+)\n", text).group(1)
        parsed = configparser.ConfigParser(interpolation=None, strict=True)
        parsed.optionxform = str
        parsed.read_string(text)
        yield name, parsed


def calls(line):
    """Return the arguments of each call of orchard in a line."""
    found = re.findall(r"(?:^|/bin/)orchard ((?:(?!'|\s#|$).)+)", line.replace("$(date +%%u)", "1"))
    return [shlex.split(re.sub(r"\s+>.*", "", each)) for each in found]


def test_the_units_are_well_formed_and_their_commands_exist():
    seen = dict(units())
    assert set(seen) == {
        "orchard-web.service",
        "orchard-worker.service",
        "orchard-backup.service",
        "orchard-backup.timer",
    }
    for name, unit in seen.items():
        assert SECTIONS[name.rsplit(".")[-1]] <= set(unit.sections())
        if name.endswith(".timer"):
            assert unit["Timer"]["OnCalendar"]
            assert name.replace(".timer", ".service") in seen
            continue
        service = unit["Service"]
        assert (service["User"], service["EnvironmentFile"]) == ("orchard", "/etc/orchard.env")
        ((verb, *arguments),) = calls(service["ExecStart"])
        assert _parser().parse_args([verb, *arguments]).command.name in name
        assert ("Install" in unit) == (name != "orchard-backup.service")


def test_every_command_that_the_guide_shows_is_one():
    lines = [line for language in ("sh", "drill") for text in blocks(language) for line in text.splitlines()]
    shown = [call for line in lines for call in calls(line)]
    assert len(shown) >= 9
    for call in shown:
        assert _parser().parse_args(call).command


def test_every_setting_that_the_guide_names_exists_and_none_is_missing():
    pattern = r"\b(?:ORCHARD_[A-Z_]+|DATABASE_URL)\b"
    in_table = set(re.findall(rf"^\| `({pattern})`", GUIDE, re.MULTILINE))
    assert set(re.findall(pattern, GUIDE)) == in_table
    assert in_table == set(re.findall(rf'"({pattern})"', READ)) - {processes.PARENT}


def test_the_settings_of_the_example_are_read_as_they_stand():
    text = next(text for text in blocks("sh") if text.startswith("ORCHARD_HOME="))
    given = dict(line.split("=", 1) for line in text.splitlines())
    read = config.read({name: value.strip("'") for name, value in given.items()})
    assert config.from_url(read.database_url)["PASSWORD"] == "a long one"
    assert read.mail().start_tls
    assert read.hosts == ("orchard.company.example",)
    assert read.erasures == Path("/mnt/other-disk/orchard-erasures.jsonl")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_drill_goes_as_it_is_written(tmp_path):
    """In a folder that looks like the clone: a small company with its own PostgreSQL, and the lines of the guide."""
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, start in (("orchard", "-m orchard "), ("python", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {start}"$@"\n')
        (programs / name).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    kept |= {"ORCHARD_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    kept.pop("ORCHARD_SECRET_KEY", None)

    def shell(text):
        done = subprocess.run(
            ["/bin/sh", "-e"], input=text, cwd=tmp_path, env=kept, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    drill, end = blocks("drill")
    try:
        shell(".venv/bin/orchard migrate\n.venv/bin/orchard member add --email a@b.example --role admin\n")
        gate, *answers = shell(drill).splitlines()
        written, restored = map(json.loads, answers)
        for name in ("tables", "rows", "bytes"):
            assert written[name] == restored[name] > 0
        assert gate.startswith("The gate is closed: Restored from the backup of")
        assert (tmp_path / "home" / "secret").read_text() == (tmp_path / "drill/home/secret").read_text()
        shell(end)
        assert not (tmp_path / "drill").exists()
    finally:
        from orchard.kit import embedded_postgres

        embedded_postgres.remove(tmp_path / "home")
