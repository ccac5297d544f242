"""Runs a command of `orchard` in this process and reads its JSON."""

import contextlib
import io
import json

from orchard.cli import main


def orchard(*arguments):
    """Run `orchard ARGUMENTS --json`; return its exit code and the object it printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main([*map(str, arguments), "--json"])
    lines = out.getvalue().splitlines()
    assert len(lines) == 1, "a command prints exactly one JSON object"
    return code, json.loads(lines[0])
