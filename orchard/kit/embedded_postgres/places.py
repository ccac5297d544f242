"""Where the server of an ORCHARD_HOME has its data, socket, settings and log: computed from its path."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOTS_BASE = Path("/var/lib/orchard")
NAME = "orchard"
PORT = 5432
LONGEST_SOCKET = 100  # bytes; the kernel's own limit is 108 on Linux and 104 on macOS
# Characters that need no quoting in a settings file, in libpq's list of hosts, or in a URL.
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9_./@-]*")


@dataclass(frozen=True)
class Address:
    """How a client reaches the server: a socket folder (never TCP), the database role and the database."""

    host: str
    user: str = NAME
    dbname: str = NAME
    port: int = PORT

    @property
    def dsn(self) -> str:
        """The address as a URL for libpq, psycopg and the client programs."""
        return f"postgresql://{self.user}@/{self.dbname}?host={quote(self.host, safe='/')}&port={self.port}"

    def django(self) -> dict[str, str]:
        """Return the address as an entry of Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": self.host,
            "PORT": str(self.port),
            "USER": self.user,
            "NAME": self.dbname,
        }


@dataclass(frozen=True)
class Places:
    """Every path of one server. `for_root` tells that it runs as another, unprivileged user."""

    home: Path
    base: Path
    run: Path
    for_root: bool

    @property
    def key(self) -> str:
        """The name of this home where homes of one machine lie side by side."""
        return _key(self.home)

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder, whole or absent."""
        return self.base / "data"

    @property
    def pid_file(self) -> Path:
        """Where a server notes its process; a hint, never a proof."""
        return self.data / "postmaster.pid"

    @property
    def settings(self) -> Path:
        """Our settings, written anew before each start; postgresql.conf includes them."""
        return self.base / "orchard.conf"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "logs" / "postgres.log"

    @property
    def turn(self) -> Path:
        """The lock of whoever attaches, starts, detaches or stops."""
        return self.base / "turn.lock"

    @property
    def lease(self) -> Path:
        """The lock that every attached process shares for as long as it lives."""
        return self.base / "lease.lock"

    @property
    def signpost(self) -> Path:
        """The text in ORCHARD_HOME that says where root's server keeps the data."""
        return self.home / "postgres-is-elsewhere.txt"

    @property
    def address(self) -> Address:
        """What clients need of all this."""
        return Address(host=str(self.run))


def address(home: Path) -> Address:
    """Tell where the server of this ORCHARD_HOME answers, running or not."""
    return places(home).address


def places(home: Path) -> Places:
    """Lay out the server of this ORCHARD_HOME for the user who asks; touches nothing."""
    home = home.expanduser().resolve()
    if os.geteuid() == 0:
        base = ROOTS_BASE / _key(home)
        return Places(home=home, base=base, run=base / "run", for_root=True)
    base = home / "postgres"
    return Places(home=home, base=base, run=_run_folder(home, base), for_root=False)


def _run_folder(home: Path, base: Path) -> Path:
    run = base / "run"
    if len(os.fsencode(run / f".s.PGSQL.{PORT}")) < LONGEST_SOCKET and _PLAIN_PATH.fullmatch(str(run)):
        return run
    # Neither TMPDIR nor XDG_RUNTIME_DIR: two processes of one home may see different ones.
    return Path(f"/tmp/orchard-{os.geteuid()}") / _key(home)  # noqa: S108 - `folders` refuses it unless it is ours and 0700


def _key(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
