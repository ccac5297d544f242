"""Which living processes belong to a data folder: told by the operating system, whatever a pid file says."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")


def is_our_postmaster(pid: int, data: Path) -> bool:
    """Tell whether process `pid` is a postmaster started for `data`, and so one that we may stop."""
    return _command_line(pid).endswith(f"/postgres -D {data}")


def works_in(pid: int, data: Path) -> bool:
    """Tell whether process `pid` is any postgres program at work in `data` (always False where /proc is missing)."""
    try:
        folder, program = (_PROC / str(pid) / "cwd").readlink(), (_PROC / str(pid) / "exe").readlink()
    except OSError:  # gone, a zombie, or somebody else's
        return False
    return folder == data and program.name.removesuffix(" (deleted)") == "postgres"


def workers_in(data: Path) -> Iterator[int]:
    """Yield every postgres process at work in `data`."""
    for entry in _PROC.glob("[0-9]*"):
        if works_in(int(entry.name), data):
            yield int(entry.name)


def _command_line(pid: int) -> str:
    if not _PROC.exists():
        return _command_line_by_ps(pid)
    try:
        words = (_PROC / str(pid) / "cmdline").read_bytes()  # empty for a zombie
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return os.fsdecode(words.rstrip(b"\0").replace(b"\0", b" "))


def _command_line_by_ps(pid: int) -> str:
    # macOS has no /proc.
    asked = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
    return os.fsdecode(subprocess.run(asked, capture_output=True, check=False).stdout).rstrip("\n")  # noqa: S603
