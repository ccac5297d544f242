"""The one catalogue of this process: installed at start from the wiring, asked for by whoever compiles."""

from orchard.engine.types import Catalogue

_installed: list[Catalogue] = []


def install(catalogue: Catalogue) -> None:
    """Make `catalogue` the one that this process compiles over; called once, when the application starts."""
    _installed[:] = [catalogue]


def installed() -> Catalogue:
    """Return the catalogue of this process.

    Raises `LookupError` when the application has not installed one yet.
    """
    if not _installed:
        raise LookupError("No catalogue is installed: call orchard.engine.catalogue.install at start.")
    return _installed[0]
