"""What happens once at the start of every process: what all rooms declare is handed down."""

from django.apps import AppConfig


class Orchard(AppConfig):
    """The product as a Django application; it holds no models."""

    name = "orchard"

    def ready(self) -> None:
        """Hand down catalogue, data map, kinds of notices and what is slow, each to whom asks for it."""
        from django.conf import settings  # noqa: PLC0415

        from orchard import wiring  # noqa: PLC0415 - rooms' models exist only now
        from orchard.contacts import actions as contacts  # noqa: PLC0415
        from orchard.engine import catalogue  # noqa: PLC0415
        from orchard.kit import slow  # noqa: PLC0415
        from orchard.tasks import actions as tasks  # noqa: PLC0415

        slow.set_limit(settings.ORCHARD_SLOW_MS)
        catalogue.install(wiring.CATALOGUE)
        contacts.install_data_map(wiring.DATA_MAP)
        tasks.install_notice_kinds(wiring.NOTICES)
