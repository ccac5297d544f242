"""The command that measures a promise of `bench/`, a folder of the checkout that no installation carries."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import orchard
from orchard.cli.types import Answer
from orchard.kit.errors import Refused

CHECKOUT = Path(orchard.__file__).resolve().parents[1]


def bench(given: argparse.Namespace) -> Answer:
    """Measure one promise, in a process, a home and a database of its own."""
    if not (CHECKOUT / "bench" / "__main__.py").is_file():
        raise Refused(
            "The folder bench/ is not here: it belongs to the checkout and is not installed. "
            "Clone the repository, and type `make bench` there."
        )
    command = [sys.executable, "-m", "bench", given.name, "--scale", str(given.scale), "--json"]
    done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise Refused(f"The bench {given.name} has failed; the reason is above.")
    found = json.loads(done.stdout)
    return Answer(found, "\n".join(_line(each) for each in found["figures"]))


def _line(figure: dict[str, object]) -> str:
    kept = "kept" if figure["met"] else "not kept"
    least = "at least" if figure["better"] == "higher" else "at most"
    return f"{figure['name']}: {figure['value']:,} {figure['unit']}; promised: {least} {figure['reach']:,}: {kept}"
