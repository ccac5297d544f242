"""Which uploads lie in the home for imports that have not ended."""

from pathlib import Path

from orchard.connect.models import Import


def kept_files() -> list[tuple[int, Path]]:
    """Return each import whose upload is kept, with where it lies."""
    rows = Import.objects.filter(kept=True).exclude(path="").order_by("id")
    return [(identity, Path(path)) for identity, path in rows.values_list("id", "path")]
