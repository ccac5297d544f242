"""How the uploads of imports come along when an installation moves to another home."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from orchard.connect.models import Import
from orchard.connect.queries import kept_files


def rehome(bring: Callable[[str, Path], bool]) -> int:
    """Lay each kept upload into this home; return how many came along.

    `bring(name, target)` writes the file that was called `name` in the former home, and tells whether there is one. An
    import whose file did not come along says so when it runs.
    """
    laid = 0
    for import_id, path in kept_files():
        folder = Path(settings.ORCHARD_HOME) / "imports" / str(import_id)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        laid += bring(f"imports/{import_id}/{path.name}", folder / path.name)
        Import.objects.filter(id=import_id).update(path=str(folder / path.name))
    return laid
