"""What the list of erasures says: which ids were erased, and when."""

import json
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from django.conf import settings


def place() -> Path:
    """Return where the list lies: where the operator wants it, else in ORCHARD_HOME."""
    return Path(settings.ORCHARD_ERASURES or Path(settings.ORCHARD_HOME) / "erasures.jsonl")


def whose() -> str:
    """Return a sign of this installation's secret key: a demo or a test beside it says nothing about its contacts."""
    return blake2b(settings.SECRET_KEY.encode(), digest_size=8, person=b"erasures").hexdigest()


def is_there() -> bool:
    """Tell whether there is a list at all."""
    return place().exists()


def listed() -> dict[int, datetime]:
    """Return when each id on the list was erased, the last time that it was; what is no whole line says nothing."""
    found: dict[int, datetime] = {}
    ours = whose()
    with suppress(FileNotFoundError), place().open("rb") as file:
        for line in file:
            with suppress(ValueError, TypeError, KeyError):
                entry = json.loads(line)
                if entry["of"] != ours:
                    continue
                at = datetime.fromisoformat(entry["at"])
                found[int(entry["contact"])] = max(at, found.get(int(entry["contact"]), at))
    return found
