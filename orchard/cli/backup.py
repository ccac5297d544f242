"""The commands that write everything into one file, bring it back, and let things leave the house again."""

import argparse
import getpass
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from orchard.backup import actions
from orchard.backup.types import Done
from orchard.cli.types import Answer, Progress
from orchard.contacts.queries import erasures
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.outbox import actions as gate
from orchard.outbox import queries
from orchard.outbox.types import BY_HAND
from orchard.team import queries as team


def backup(given: argparse.Namespace) -> Answer:
    """Write everything into one file."""
    path, progress = Path(given.file), Progress("MB")
    if path.is_dir():
        raise Refused(f"{path} is a folder: name the file, such as {path / 'orchard.backup'}.")
    try:
        done = actions.back_up(path=path, now=clock.now(), progress=_megabytes(progress))
    finally:
        progress.end()
    return Answer(asdict(done), f"{path}: {_words(done)}")


def restore(given: argparse.Namespace) -> Answer:
    """Bring everything back into an empty installation."""
    path, progress = Path(given.file), Progress("MB")
    try:
        found = actions.restore(path=path, now=clock.now(), progress=_megabytes(progress))
    finally:
        progress.end()
    has_list = erasures.is_there()
    data = {
        **asdict(found.done),
        "made_at": found.made_at.isoformat(),
        "erased_again": found.erased_again,
        "erasures": str(erasures.place()) if has_list else None,
        "not_erased": list(found.left),
        "waiting": found.waiting,
    }
    text = (
        f"{_words(found.done)}\n"
        f"{found.erased_again:,} people who were erased since the backup were erased again.\n"
        f"Nothing leaves the house; {found.waiting:,} messages wait. When this is the live system: orchard outbox open"
    )
    if not has_list:
        text += (
            f"\nThere is no list of erasures at {erasures.place()}. Whoever was erased since the backup is back:"
            " lay the list there, and restore once more into another empty installation."
        )
    if found.left:
        ids = ", ".join(map(str, found.left))
        text += f"\nErased since, but joined with somebody else here: contacts {ids}. Separate and erase them by hand."
    return Answer(data, text)


def outbox(given: argparse.Namespace) -> Answer:
    """Say how the outbox stands, or open or close its gate."""
    if given.verb == "open":
        _ask(given)
        actor_id, by = _who(given)
        gate.open_gate(now=clock.now(), actor_id=actor_id, by=by)
    elif given.verb == "close":
        actor_id, by = _who(given)
        reason = given.reason or BY_HAND
        gate.close(reason=reason, now=clock.now(), actor_id=actor_id, by=by)
    stands = queries.standing()
    data = {
        "open": stands.open,
        "reason": stands.reason,
        "waiting": stands.waiting,
        "failed": stands.failed,
        "oldest": stands.oldest and stands.oldest.isoformat(),
    }
    state = "The gate is open." if stands.open else f"The gate is closed: {stands.reason}"
    return Answer(data, f"{state} {stands.waiting:,} messages wait, {stands.failed:,} were given up.")


def _megabytes(progress: Progress) -> Callable[[int], None]:
    """Count bytes, and show whole megabytes."""
    done = 0

    def more(size: int) -> None:
        nonlocal done
        done += size
        progress(done // 10**6)

    return more


def _who(given: argparse.Namespace) -> tuple[int | None, str]:
    if given.member:
        return team.member_by_email(given.member).pk, ""
    return None, getpass.getuser()


def _ask(given: argparse.Namespace) -> None:
    """Ask before anything leaves; where nobody can be asked, `--yes` says it."""
    if given.yes:
        return
    waiting = queries.standing().waiting
    if given.json or not sys.stdin.isatty():
        raise Refused(
            f"{waiting:,} messages would leave at once. If this is the live system: orchard outbox open --yes"
        )
    sys.stderr.write(f"{waiting:,} messages will leave at once. Is this the live system? [y/N] ")
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise Refused("The gate stays closed.")


def _words(done: Done) -> str:
    return (
        f"{done.tables} tables, {done.rows:,} rows, {done.bytes / 1e6:,.1f} MB, {done.files} files;"
        f" {done.file_bytes / 1e6:,.1f} MB in the file; {done.seconds} s."
    )
