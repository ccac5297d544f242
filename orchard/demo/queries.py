"""How far the demo company is."""

from datetime import datetime, timedelta

from orchard.demo.models import Loading

BEGINS = timedelta(minutes=1)
"""So soon after the story's end the worker is at work."""

_over: list[bool] = []


def loading() -> Loading | None:
    """Return the loading of the demo, or None in a company of one's own."""
    return Loading.objects.first()


def workers_yet_begin(story: Loading | None, now: datetime) -> bool:
    """Tell whether the worker has yet to begin: while the story is told, and until it is up after that."""
    return story is not None and (story.finished_at is None or now - story.finished_at < BEGINS)


def story() -> Loading | None:
    """Return the loading while it is under way, as every page asks; once it is over, nobody is asked any more."""
    if _over:
        return None
    found = loading()
    if found is None or found.finished_at is not None:
        _over.append(True)
        return None
    return found
