"""What happens once at the start of every process: the engine is handed the catalogue."""

from django.apps import AppConfig


class Orchard(AppConfig):
    """The product as a Django application; it holds no models."""

    name = "orchard"

    def ready(self) -> None:
        """Hand the catalogue of all rooms down to the engine."""
        from orchard import wiring  # noqa: PLC0415 - rooms' models exist only now
        from orchard.engine import catalogue  # noqa: PLC0415

        catalogue.install(wiring.CATALOGUE)
