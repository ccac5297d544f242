"""The command that imports a file."""

import argparse
import time
from pathlib import Path
from typing import Any

from orchard.cli.types import Answer, Progress
from orchard.connect import actions, csv, queries
from orchard.connect.types import Counts
from orchard.kit import clock, processes
from orchard.kit.errors import Refused


def import_file(given: argparse.Namespace) -> Answer:
    """Import a file by its map, or as the known export that it is; or only say what it would do."""
    begun, progress = time.monotonic(), Progress("rows")
    path = Path(given.file)
    if not path.is_file():
        raise Refused(f"There is no file {path}.")
    map_text = _map_text(given.map)
    processes.give_way()
    import_id = actions.begin(file_name=path.name, path=path, now=clock.now())
    actions.describe(import_id=import_id, map_text=map_text, sheet=given.sheet or "", loud=given.loud)
    try:
        if given.dry_run:
            counts = _rehearse(import_id, progress)
        else:
            actions.launch(import_id=import_id, now=clock.now())
            counts = actions.run(import_id=import_id, progress=progress)
    finally:
        progress.end()
    return _answer(given, import_id, counts, round(time.monotonic() - begun, 3))


def _rehearse(import_id: int, progress: Progress) -> Counts:
    try:
        return actions.rehearse(import_id=import_id, progress=progress)
    finally:
        actions.discard(import_id=import_id)


def _map_text(path: str | None) -> str:
    if path is None:
        return ""
    csv.read_map(Path(path))
    return Path(path).read_text(encoding="utf-8-sig")


def _answer(given: argparse.Namespace, import_id: int, counts: Counts, seconds: float) -> Answer:
    rejects_file = ""
    if counts.rejected and not given.dry_run:
        target = Path(given.file).with_name(queries.name_of_rejects(Path(given.file).name))
        target = _writable(target)
        queries.write_rejects(import_id, target)
        rejects_file = str(target)
    data: dict[str, Any] = {
        "rows": counts.rows,
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "rejected": counts.rejected,
        "interactions": counts.interactions,
        "rejects_file": rejects_file,
        "seconds": seconds,
    }
    text = (
        f"{counts.rows:,} rows: {counts.created:,} created, {counts.updated:,} updated, "
        f"{counts.unchanged:,} unchanged, "
        f"{counts.rejected:,} rejected; {counts.interactions:,} new facts; {seconds} s."
    )
    if given.dry_run:
        text = f"Nothing was stored. It would be: {text}"
    if rejects_file:
        text += f"\nRejected rows, with the reason: {rejects_file}"
    return Answer(data, text)


def _writable(target: Path) -> Path:
    """Return `target`, or the same name in the working directory where the file's own folder is read-only."""
    try:
        target.touch()
    except OSError:
        return Path.cwd() / target.name
    return target
