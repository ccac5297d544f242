"""Whether a backup may be restored here: which one is too new, and which files it may bring."""

import re
from collections.abc import Collection

from orchard.backup.types import FORMAT, Manifest

_UPLOAD = re.compile(r"imports/\d{1,18}/[^/\0]{1,80}")

SECRET = "secret"  # noqa: S105 - the name of a file


def too_new(manifest: Manifest, known: Collection[tuple[str, str]], orchard: str) -> str:
    """Say why a backup is newer than this Orchard; empty where it is not."""
    if manifest.format > FORMAT or set(manifest.migrations) - set(known):
        return (
            f"This backup was made by Orchard {manifest.orchard}, which is newer than this one ({orchard}): "
            f"install Orchard {manifest.orchard} and restore again."
        )
    return ""


def last_of_each(migrations: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return where each application stood: the last of its migrations, which are numbered."""
    last: dict[str, str] = {}
    for app, name in migrations:
        last[app] = max(name, last.get(app, name))
    return sorted(last.items())


def may_come(name: str) -> bool:
    """Tell whether a backup may bring a file of this name: the secret key, or the upload of an import."""
    return name == SECRET or (
        _UPLOAD.fullmatch(name) is not None and name.rsplit("/", 1)[-1] not in {".", ".."}
    )
