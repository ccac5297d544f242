"""The benches as a command: each promise is measured small, in seconds, and says what it found in one shape."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchard.cli import bench as command
from orchard.engine import spark
from orchard.kit import embedded_postgres
from tests.make.command import orchard

ROOT = Path(__file__).parents[2]
FIGURES = {
    "import": {"rows_per_s", "peak_mb"},
    "refresh": {"compute_ratio", "changed_rows_per_s"},
    "drain": {"facts_per_s"},
    "speed_to_verdict": {"p50_ms", "p99_ms", "p99_ms_during_import"},
    "handoff": {"leads_per_s", "spread"},
    "speed_to_lead": {"p50_ms", "p99_ms"},
    "clock": {"due_per_s", "growth"},
    "segment": {"seconds"},
    "reports": {"worst_s", "ahead_s", "worst_ms"},
    "backup": {"mb_per_s", "differences"},
    "search": {"p95_ms", "found"},
    "spark": {"differences", "refresh_ratio", "funnel_ratio"},
    "growth": {"exponent", "exponent_drain", "exponent_funnel", "exponent_refresh"},
}
MAY_BE_NOTHING = {"spread", "differences", *FIGURES["growth"]}
"""What may be 0 or less: at a hundredth the exponents are of seconds that hardly grow."""
KEYS = {"name", "value", "unit", "better", "reach", "reference", "met"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Give all benches of this run one home, so that what is cached is made once."""
    home = tmp_path_factory.mktemp("bench-home")
    before = os.environ["ORCHARD_HOME"]
    os.environ["ORCHARD_HOME"] = str(home)
    yield home
    os.environ["ORCHARD_HOME"] = before
    if "DATABASE_URL" not in os.environ:
        embedded_postgres.remove(home / "bench")
    shutil.rmtree(home, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", FIGURES)
def test_a_promise_is_measured_small_and_says_what_it_found(name, home):
    if name == "spark" and (lacking := spark.why_not()):
        pytest.skip(lacking)
    code, found = orchard("bench", name, "--scale", "0.01")
    assert code == 0
    assert set(found) == {"name", "machine", "figures"}
    assert found["name"] == name
    assert {each["name"] for each in found["figures"]} == FIGURES[name]
    for each in found["figures"]:
        assert set(each) == KEYS
        assert each["value"] > 0 or each["name"] in MAY_BE_NOTHING
        assert each["reference"] is None or each["reference"] > 0
        kept = (
            each["value"] >= each["reach"] if each["better"] == "higher" else each["value"] <= each["reach"]
        )
        assert each["met"] is kept
        assert kept or each["name"] != "differences"
    assert not list((home / "bench" / "work").iterdir()), "a run leaves nothing but the cache behind"


def test_where_there_is_no_checkout_the_command_says_where_the_benches_are(monkeypatch, tmp_path):
    monkeypatch.setattr(command, "CHECKOUT", tmp_path)
    code, found = orchard("bench", "drain")
    assert code == 1
    assert "belongs to the checkout" in found["error"]


def test_a_scale_beyond_the_whole_is_refused():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "drain", "--scale", "2"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "--scale is above 0 and at most 1." in done.stderr
