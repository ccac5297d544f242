"""How far the demo company is."""

from orchard.demo.models import Loading

_over: list[bool] = []


def loading() -> Loading | None:
    """Return the loading of the demo, or None in a company of one's own."""
    return Loading.objects.first()


def story() -> Loading | None:
    """Return the loading while it is under way, as every page asks; once it is over, nobody is asked any more."""
    if _over:
        return None
    found = loading()
    if found is None or found.finished_at is not None:
        _over.append(True)
        return None
    return found
