"""The list of erasures that lies outside of the database, so that a restored backup can be told what it does not know.

One line of JSON for each id that an erasure covered, `{"contact": 12, "at": "2026-11-27T01:16:24+00:00", "of": "5f"}`,
and nothing else of the person; `of` is a sign of the installation. It is written when the erasure has been committed,
and looked through by a clockwork, so that a crash in between loses nothing.
"""

import json
import logging
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from orchard.contacts.models import Contact
from orchard.contacts.queries.erasures import listed, place, whose

logger = logging.getLogger(__name__)


def note_erased(*, contact_ids: Iterable[int], at: datetime) -> None:
    """Write ids to the list, once the caller's transaction is committed."""
    lines = [(each, at) for each in contact_ids]

    def write() -> None:
        try:
            _append(place(), lines)
        except OSError:
            logger.exception("The list of erasures cannot be written; the worker tries again.")

    transaction.on_commit(write)


def complete_list() -> int:
    """Write to the list who is erased and not in it; return how many ids that were."""
    known = listed()
    erased = Contact.objects.filter(erased_at__isnull=False).values_list("id", "erased_at")
    missing = [
        (identity, at) for identity, at in erased if at and (identity not in known or known[identity] < at)
    ]
    if missing:
        _append(place(), missing)
    return len(missing)


def _append(path: Path, lines: Iterable[tuple[int, datetime]]) -> None:
    """Append lines and see them on the disk. A line that a crash cut off is ended first, and read by nobody."""
    ours = whose()
    text = "".join(
        f"{json.dumps({'contact': each, 'at': at.isoformat(), 'of': ours})}\n" for each, at in lines
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "rb+", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        whole = size == 0 or os.pread(handle, 1, size - 1) == b"\n"
        file.write((text if whole else f"\n{text}").encode())
        os.fsync(handle)
