"""What the house looks like: its rooms in order, read from the contract, and what each says of itself."""

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def layers():
    """Return the layers of the import contract, top to bottom, each a list of names that do not know each other."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = settings["tool"]["importlinter"]["contracts"][0]
    return [[name.strip() for name in layer.split("|")] for layer in contract["layers"]]


def rooms():
    """Return the packages of the house from top to bottom."""
    return [name for layer in layers() for name in layer if (ROOT / "orchard" / name).is_dir()]


def docstring(path):
    """Return the docstring of the module at `path`."""
    return ast.get_docstring(ast.parse(path.read_text())) or ""


def templates():
    """Return every template of the product, of pages and of mails."""
    inside = (ROOT / "orchard" / "web").rglob("templates/**/*")
    return sorted(path for path in inside if path.is_file())


def modules():
    """Return every module of the product."""
    return sorted(path for path in (ROOT / "orchard").rglob("*.py") if "migrations" not in path.parts)
