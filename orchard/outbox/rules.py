"""Whether an installation is where it is known to live, or a copy of it."""

from collections.abc import Collection

from orchard.kit.words import Phrase, marked
from orchard.outbox.types import Where


def strange(known: Collection[Where], here: Where) -> str:
    """Say in what a start is unlike all places that are known; empty where it is one of them, or none is known yet."""
    if not known or here in known:
        return ""
    same_database = [each for each in known if (each.server, each.database) == (here.server, here.database)]
    if not same_database:
        return marked(
            "This database is a copy, or was moved: the one that this installation knows is another."
        )
    same_home = [each for each in same_database if each.mark == here.mark]
    if not same_home:
        return Phrase("This database does not know the home {place}.", place=_short(here.home))
    if here.home not in {each.home for each in same_home}:
        return Phrase(
            "The home of this installation was copied or moved to {place}.", place=_short(here.home)
        )
    return marked("This installation was copied or moved to another machine.")


def _short(home: str) -> str:
    """Return the end of a long path: what is told has 200 characters."""
    return home if len(home) <= 100 else f"…{home[-99:]}"  # noqa: PLR2004 - a hundred of them
