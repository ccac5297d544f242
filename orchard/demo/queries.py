"""How far the demo company is."""

from orchard.demo.models import Loading


def loading() -> Loading | None:
    """Return the loading of the demo, or None in a company of one's own."""
    return Loading.objects.first()
