"""The command that checks, proposes, signs, shows and compares agreements."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from orchard.agreement import actions, queries
from orchard.agreement.queries import VersionShown
from orchard.agreement.types import BadDocument, Document, Mistake, State
from orchard.cli.types import Answer
from orchard.kit import clock
from orchard.kit.errors import Conflict, NotFound, Refused
from orchard.nurture import queries as nurture
from orchard.team import queries as team
from orchard.team.types import Side

MOST_BYTES = 2**20


def agreement(given: argparse.Namespace) -> Answer:
    """Do what the verb says."""
    try:
        return VERBS[given.verb](given)
    except BadDocument as error:
        return _wrong(error.mistakes)


def _check(given: argparse.Namespace) -> Answer:
    found = queries.check_text(_text(given))
    if not isinstance(found, Document):
        return _wrong(found)
    data = {"ok": True, "mistakes": [], "name": found.name, "text_hash": queries.hash_of(found)}
    return Answer(
        {**data, "unanswered": _unanswered(found)}, f"“{found.name}” is an agreement.{_resting(found)}"
    )


def _propose(given: argparse.Namespace) -> Answer:
    member_id = team.member_by_email(given.member).pk if given.member else None
    version_id = actions.propose_text(text=_text(given), member_id=member_id, now=clock.now())
    shown = queries.version(version_id)
    words = f"Version {shown.number} waits for both signatures."
    if shown.document is None:
        return Answer(_data(shown), words)
    data = {**_data(shown), "unanswered": _unanswered(shown.document)}
    return Answer(data, f"{words}{_resting(shown.document)}")


def _sign(given: argparse.Namespace) -> Answer:
    if not given.member:
        raise Refused("Say who signs: orchard agreement sign --as EMAIL.")
    member = team.member_by_email(given.member)
    waiting = queries.proposed()
    if waiting is None:
        raise Conflict("No version waits for signatures. Propose one: orchard agreement propose FILE.")
    text_hash = waiting.text_hash
    if given.file:
        document = queries.check_text(_text(given))
        text_hash = queries.hash_of(document) if isinstance(document, Document) else ""
    held = queries.rights_of(member).sides
    wanted = (
        [Side(given.side)] if given.side else sorted(side for side in held if not waiting.signed_for(side))
    )
    if not wanted:
        raise Refused(f"{member.name} has nothing to sign: no right for a side that has not signed yet.")
    for side in wanted:
        actions.sign(
            member_id=member.pk, version_id=waiting.id, side=side, text_hash=text_hash, now=clock.now()
        )
    shown = queries.version(waiting.id)
    sides = " and ".join(side.value.capitalize() for side in wanted)
    after = "is in force" if shown.state is State.IN_FORCE else "waits for the other side"
    return Answer(_data(shown), f"Signed for {sides}. Version {shown.number} {after}.")


def _withdraw(given: argparse.Namespace) -> Answer:
    waiting = queries.proposed()
    if waiting is None:
        raise Conflict("No version waits for signatures.")
    member_id = team.member_by_email(given.member).pk if given.member else None
    actions.withdraw(member_id=member_id, version_id=waiting.id, now=clock.now())
    return Answer(_data(queries.version(waiting.id)), f"Version {waiting.number} is withdrawn.")


def _show(given: argparse.Namespace) -> Answer:
    if given.file and not given.file.isdigit():
        document = queries.check_text(_text(given))
        if not isinstance(document, Document):
            return _wrong(document)
        return Answer(
            {"name": document.name, "text": queries.normal_of(document), "clauses": _clauses(document)},
            _words(document),
        )
    shown = (
        queries.version_numbered(int(given.file))
        if given.file
        else (queries.in_force() or queries.proposed())
    )
    if shown is None or shown.document is None:
        raise NotFound("There is no agreement yet. Propose one: orchard agreement propose FILE.")
    data = {**_data(shown), "text": queries.normal_of(shown.document), "clauses": _clauses(shown.document)}
    return Answer(data, f"{_title(shown)}\n\n{_words(shown.document)}")


def _diff(given: argparse.Namespace) -> Answer:
    """Compare FILE, or the version with that number, with the version in force."""
    force = queries.in_force()
    if force is None or force.document is None:
        raise NotFound("No version is in force to compare with.")
    if given.file and not given.file.isdigit():
        after = queries.check_text(_text(given))
        if not isinstance(after, Document):
            return _wrong(after)
    else:
        shown = queries.version_numbered(int(given.file)) if given.file else queries.proposed()
        if shown is None or shown.document is None:
            raise NotFound("No version waits for signatures. Name a file or a version to compare.")
        after = shown.document
    found = queries.changes_between(force.document, after)
    rows = [{"clause": c.clause, "title": c.title, "before": c.before, "after": c.after} for c in found]
    lines = [line for c in found for line in _change(c.title, c.before, c.after)]
    return Answer({"against": force.number, "changes": rows}, "\n".join(lines) or "Both say the same.")


def _schema(_given: argparse.Namespace) -> Answer:
    return Answer(queries.schema(), _json_text())


VERBS: Mapping[str, Callable[[argparse.Namespace], Answer]] = {
    "check": _check,
    "propose": _propose,
    "sign": _sign,
    "withdraw": _withdraw,
    "show": _show,
    "diff": _diff,
    "schema": _schema,
}


def _text(given: argparse.Namespace) -> str:
    """Return the text of FILE, or of stdin for `-`."""
    if not given.file:
        raise Refused(f"Name the file: orchard agreement {given.verb} FILE.")
    try:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1) if given.file == "-" else _bytes(Path(given.file))
    except OSError as error:
        raise Refused(f"{given.file} cannot be read: {error.strerror}.") from error
    if len(raw) > MOST_BYTES:
        raise Refused(f"{given.file} is larger than any agreement (1 MB).")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"{given.file}, line {line}: this is not UTF-8 text. Save the file as UTF-8."
        ) from error


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _unanswered(document: Document) -> list[str]:
    """Return the reasons of a return that no live program answers."""
    return [each.reason for each in nurture.unanswered(document)]


def _resting(document: Document) -> str:
    """Say what becomes of who comes back for a reason that no program answers; empty where each has its answer."""
    found = nurture.unanswered(document)
    if not found:
        return ""
    reasons = ", ".join(f"“{each.label}” ({each.eligible_after_days or 0} days)" for each in found)
    return (
        f"\nNo program answers {reasons}: who comes back for one rests for that time, and ripens again by itself."
        "\nWrite a program under Programs if something is to happen meanwhile."
    )


def _wrong(mistakes: Sequence[Mistake]) -> Answer:
    rows = [{"line": m.line, "column": m.column, "path": m.path, "sentence": m.sentence} for m in mistakes]
    return Answer({"ok": False, "mistakes": rows}, "\n".join(map(str, mistakes)), ok=False)


def _data(shown: VersionShown) -> dict[str, Any]:
    return {
        "version": shown.number,
        "state": shown.state.value,
        "text_hash": shown.text_hash,
        "signed": {each.side.value: each.name for each in shown.signed},
    }


def _title(shown: VersionShown) -> str:
    state = {State.IN_FORCE: "in force", State.PROPOSED: "waits for signatures"}.get(
        shown.state, shown.state.value
    )
    return f"Version {shown.number}, {state}"


def _clauses(document: Document) -> list[dict[str, Any]]:
    return [
        {"number": clause.number, "title": clause.title, "sentences": [s.core for s in clause.sentences]}
        for clause in queries.contract_of(document)
    ]


def _words(document: Document) -> str:
    parts = [document.name]
    for clause in queries.contract_of(document):
        text = "".join(f"{s.text} " if s.closing else s.text for s in clause.sentences).strip()
        parts.append(f"{clause.number}  {clause.title}\n   {text}")
    return "\n\n".join(parts)


def _change(title: str, before: str, after: str) -> list[str]:
    return [f"{title}:", *([f"  - {before}"] if before else []), *([f"  + {after}"] if after else [])]


def _json_text() -> str:
    return json.dumps(queries.schema(), indent=1)
