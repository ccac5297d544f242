"""Which operating system user the server runs as: ourselves, or for root an unprivileged user made for it."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any

from orchard.kit.embedded_postgres.places import NAME, ROOTS_BASE
from orchard.kit.errors import Refused

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/bin:/bin"


@dataclass(frozen=True)
class Servant:
    """The user and group that own the data and run the server."""

    uid: int
    gid: int

    @property
    def process(self) -> dict[str, Any]:
        """What subprocess needs so that a program runs as this user, in an environment without surprises."""
        # PGDATA, PGPORT and their like would bend what we ask for; our secrets are not for the server.
        env = {"PATH": _PATH, "LC_ALL": "C"}
        asked: dict[str, Any] = {"env": env, "umask": 0o077, "stdin": subprocess.DEVNULL}
        if self.uid != os.geteuid():
            asked |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return asked


def servant() -> Servant:
    """Tell who runs the server; as root, make that user where it is missing."""
    if os.geteuid() != 0:
        return Servant(os.geteuid(), os.getegid())
    found = _known() or _made()
    if found.uid == 0:
        raise Refused(
            f"PostgreSQL refuses to run as root, and the user `{NAME}` is root here: give it another uid."
        )
    return found


def _known() -> Servant | None:
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        return None
    return Servant(entry.pw_uid, entry.pw_gid)


def _made() -> Servant:
    home = ["--home-dir", str(ROOTS_BASE)]
    ways = (
        [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            *home,
            "--shell",
            "/usr/sbin/nologin",
            NAME,
        ],
        ["adduser", "--system", "--group", "--no-create-home", "--home", str(ROOTS_BASE), NAME],
        ["adduser", "-S", "-D", "-H", "-h", str(ROOTS_BASE), NAME],
    )
    for program, *arguments in ways:
        path = shutil.which(program, path=_PATH)
        if path:
            subprocess.run([path, *arguments], capture_output=True, check=False)  # noqa: S603 - fixed words only
            if made := _known():
                return made
    raise Refused(
        f"PostgreSQL refuses to run as root, and no system user `{NAME}` could be made: "
        f"make one (`useradd --system {NAME}`), or start Orchard as another user, or set DATABASE_URL."
    )
