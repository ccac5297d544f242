"""`python -m bench [NAME]`: measures one promise, or all of them one after the other."""

import argparse
import importlib
import json
import subprocess
import sys

from bench import figures
from bench.ground import ground, say
from orchard.kit.errors import Refused

SCRIPTS = {
    "import": "bench.import_rows",
    "refresh": "bench.refresh",
    "drain": "bench.drain",
    "speed_to_verdict": "bench.speed_to_verdict",
    "handoff": "bench.handoff",
    "speed_to_lead": "bench.speed_to_lead",
    "clock": "bench.clock",
    "segment": "bench.segment",
    "reports": "bench.reports",
    "backup": "bench.backup",
    "search": "bench.search",
    "spark": "bench.spark",
    "growth": "bench.growth",
    "pages": "bench.pages",
}


def main() -> int:
    """Read the arguments, run one bench in this process or each in one of its own."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure what Orchard promises.")
    parser.add_argument("name", nargs="?", choices=SCRIPTS, help="which promise; all of them without it")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size (1)")
    parser.add_argument("--json", action="store_true", help="print one JSON object for each bench")
    given = parser.parse_args()
    if not 0 < given.scale <= 1:
        parser.error("--scale is above 0 and at most 1.")
    if given.name is None:
        return max(_apart(name, sys.argv[1:]) for name in SCRIPTS)
    try:
        with ground(given.scale) as here:
            found = figures.outcome(given.name, importlib.import_module(SCRIPTS[given.name]).measure(here))
    except Refused as error:
        say(str(error))
        return 1
    print(json.dumps(found) if given.json else figures.table(found), flush=True)
    return 0


def _apart(name: str, arguments: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "bench", name, *arguments], check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
