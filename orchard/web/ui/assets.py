"""Where the built styles, scripts and icons lie, as the manifest of the front-end build says."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

BUILT = Path(__file__).parent / "static" / "built"
ENTRY = "main.js"
UPRIGHT_LATIN = ("inter-latin-wght-normal", "newsreader-latin-opsz-normal")


class NotBuilt(ImproperlyConfigured):
    """The front end was not built in this checkout."""


@dataclass(frozen=True, slots=True)
class Assets:
    """Paths below `static/` of what a page loads, in the order in which it needs them."""

    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    fonts: tuple[str, ...]


def _read(name: str) -> dict[str, object]:
    try:
        text = (BUILT / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotBuilt(
            "The pages' styles and scripts are not built; run `npm ci && npm run build`."
        ) from None
    content: dict[str, object] = json.loads(text)
    return content


@cache
def assets() -> Assets:
    """Read the manifest once per process."""
    manifest = _read("manifest.json")
    entry = manifest[ENTRY]
    if not isinstance(entry, dict):
        raise NotBuilt(f"The manifest of the front end has no {ENTRY}; run `npm run build` again.")
    files = [*entry.get("assets", [])]
    return Assets(
        styles=tuple(f"built/{name}" for name in entry.get("css", [])),
        scripts=(f"built/{entry['file']}",),
        fonts=tuple(f"built/{name}" for name in files if name.startswith(UPRIGHT_LATIN)),
    )


@cache
def icons() -> dict[str, str]:
    """Return the inner SVG of every icon that `src/icons.txt` names."""
    return {name: str(shape) for name, shape in _read("icons.json").items()}


def address(path: str) -> str:
    """Return the URL of a built file."""
    return static(path)
