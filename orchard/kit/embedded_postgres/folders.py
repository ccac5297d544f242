"""Which folders we make, with which rights, and which existing ones we refuse; none is ever loosened."""

import errno
import os
import stat
import tempfile
from pathlib import Path

from orchard.kit.embedded_postgres.places import Places
from orchard.kit.embedded_postgres.servant import Servant
from orchard.kit.errors import Refused


def make_ready(places: Places, servant: Servant) -> None:
    """Make what is missing of the folders of this server, and refuse those that are not ours."""
    places.home.mkdir(parents=True, exist_ok=True)
    _refuse_another_users_server(places)
    places.log.parent.mkdir(mode=0o700, exist_ok=True)
    if places.for_root:
        own_folder(places.base, mode=0o750, uid=0, gid=servant.gid)
        _heed_signpost(places)
    else:
        own_folder(places.base, mode=0o700, uid=servant.uid, gid=servant.gid)
        if places.run.parent != places.base:
            own_folder(places.run.parent, mode=0o700, uid=servant.uid, gid=servant.gid)
    own_folder(places.run, mode=0o700, uid=servant.uid, gid=servant.gid)


def own_folder(path: Path, *, mode: int, uid: int, gid: int) -> None:
    """Make the folder `path` with this owner and mode; refuse one that others own or may enter."""
    if not path.exists():
        _make_at_once(path, mode=mode, uid=uid, gid=gid)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise Refused(f"{path} must be a folder and is not: move it away and start again.")
    if found.st_uid != uid:
        raise Refused(
            f"{path} belongs to user {found.st_uid} and PostgreSQL would need it to belong to user {uid}: "
            "start Orchard as its owner, or move it away."
        )
    if stat.S_IMODE(found.st_mode) & ~mode & 0o077:
        raise Refused(
            f"{path} is open to other users: close it with `chmod {mode:o} {path}` and start again."
        )


def _make_at_once(path: Path, *, mode: int, uid: int, gid: int) -> None:
    # Under another name first: whoever sees the folder sees it with its final owner and mode.
    fresh = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    if (uid, gid) != (os.geteuid(), os.getegid()):
        os.chown(fresh, uid, gid)
    fresh.chmod(mode)
    try:
        fresh.rename(path)
    except OSError as error:
        fresh.rmdir()
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:  # another process of ours was first
            raise


def _refuse_another_users_server(places: Places) -> None:
    if places.for_root:
        theirs = places.home / "postgres" / "data"
        if theirs.exists():
            raise Refused(
                f"The database in {theirs} belongs to user {theirs.stat().st_uid}: "
                "start Orchard as that user, not as root."
            )
    elif places.signpost.exists():
        raise Refused(
            f"The database of {places.home} was made by root: "
            "start Orchard as root, or choose another ORCHARD_HOME."
        )


def _heed_signpost(places: Places) -> None:
    if not places.signpost.exists():
        return
    named = next((line for line in places.signpost.read_text().splitlines() if line.startswith("/")), "")
    if named != str(places.base):
        raise Refused(
            f"{places.home} was moved or copied without its database: rename {named} to {places.base} and write that "
            f"name into {places.signpost.name}, or for an empty database remove that file; then start again."
        )
    if not places.data.exists():
        raise Refused(
            f"The database of {places.home} is missing from {places.base}: bring that folder back, "
            f"or for an empty database remove {places.signpost}; then start again."
        )


def plant_signpost(places: Places) -> None:
    """Note in ORCHARD_HOME where the data lies, once there is data."""
    if places.for_root and not places.signpost.exists():
        places.signpost.write_text(
            "Orchard was started here by root. PostgreSQL refuses to run as root, "
            "so its data lies where its own user may go:\n"
            f"{places.base}\n"
            "Copy both while Orchard is stopped: without that folder, this one is not whole.\n"
        )
