"""How the data folder comes to be: whole or not at all, and opened only by the major release that made it."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from orchard.kit import memory
from orchard.kit.embedded_postgres.binaries import MAJOR
from orchard.kit.embedded_postgres.complaints import complaint
from orchard.kit.embedded_postgres.folders import own_folder
from orchard.kit.embedded_postgres.places import NAME, Places
from orchard.kit.embedded_postgres.servant import Servant
from orchard.kit.embedded_postgres.tuning import settings_text, shared_memory_of_machine
from orchard.kit.errors import Refused

# The builtin locale sorts the same on every machine, so that no libc upgrade can spoil an index.
_INITDB = (
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--auth-local=trust",  # the socket's folder is the lock: 0700
    "--auth-host=reject",
    f"--username={NAME}",
)
_HALF_MADE = "data.half-made-"
_INCLUDE = "\n# Orchard's settings; what you write below them wins.\ninclude_if_exists = '../orchard.conf'\n"


def ready_data(places: Places, servant: Servant, programs: Path) -> None:
    """Make the data folder where there is none, write today's settings, refuse another release's folder."""
    for left in places.base.glob(f"{_HALF_MADE}*"):
        shutil.rmtree(left, ignore_errors=True)
    if not places.data.exists():
        _make(places, servant, programs)
    found = _release(places.data)
    if found != str(MAJOR):
        raise Refused(
            f"The database in {places.data} was made by PostgreSQL {found}, and this "
            f"Orchard brings PostgreSQL {MAJOR}: start the Orchard that made it, write its database to a file with "
            "pg_dump, and restore that file with psql into the database of an empty ORCHARD_HOME."
        )
    _write_settings(places, servant)


def _make(places: Places, servant: Servant, programs: Path) -> None:
    # A new name each time: an initdb whose Python was killed may still be writing into the old one.
    half_made = places.base / f"{_HALF_MADE}{secrets.token_hex(4)}"
    own_folder(half_made, mode=0o700, uid=servant.uid, gid=servant.gid)
    command = [str(programs / "initdb"), *_INITDB, f"--pgdata={half_made}"]
    asked = servant.process
    done = subprocess.run(  # noqa: S603 - our own program and paths
        command,
        cwd=places.base,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        **asked,
    )
    if done.returncode != 0:
        shutil.rmtree(half_made, ignore_errors=True)
        raise Refused(complaint("PostgreSQL could not make its data folder", done.stdout, places))
    handle = os.open(half_made / "postgresql.conf", os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "w") as file:
        file.write(_INCLUDE)
        file.flush()
        os.fsync(handle)
    half_made.rename(places.data)
    _sync_folder(places.base)


def _release(data: Path) -> str:
    try:
        return (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return "of an unknown release"


def _write_settings(places: Places, servant: Servant) -> None:
    text = settings_text(places.run, memory=memory.of_machine(), shared_memory=shared_memory_of_machine())
    fresh = places.settings.with_suffix(".new")
    fresh.write_text(text)
    os.chown(fresh, -1, servant.gid)
    fresh.chmod(0o640)
    fresh.rename(places.settings)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
