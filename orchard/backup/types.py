"""The room's vocabulary: what a backup holds, and what making or restoring one answers."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from orchard.kit.errors import Refused

FORMAT = 1
"""Raised when the file becomes another; what is newer is refused."""

LEFT_OUT = frozenset({"django_session", "usersessions_usersession", "login_attempt"})
"""Tables whose rows stay behind: who holds a backup must not be logged in by it, and attempts count for minutes."""


class Unreadable(Refused):
    """The file is no backup, or is not as it was written."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a backup: its columns in order, and how many rows and bytes of COPY it has, with their hash."""

    name: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """The last number that a sequence gave."""

    name: str
    last: int


@dataclass(frozen=True, slots=True)
class File:
    """A file of ORCHARD_HOME, by its path in it."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; written last, so that a file without it is no backup."""

    format: int
    orchard: str
    postgresql: str
    made_at: str
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    left_out: tuple[str, ...]
    sequences: tuple[Sequence, ...]
    files: tuple[File, ...]
    key: str
    """A hash by the secret key: it tells whether another key is the same one."""

    def data(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Manifest":
        """Return what JSON held; raises KeyError, TypeError or ValueError where it is none."""
        return cls(
            format=int(data["format"]),
            orchard=str(data["orchard"]),
            postgresql=str(data["postgresql"]),
            made_at=datetime.fromisoformat(data["made_at"]).isoformat(),
            migrations=tuple((str(app), str(name)) for app, name in data["migrations"]),
            tables=tuple(Table(**{**each, "columns": tuple(each["columns"])}) for each in data["tables"]),
            left_out=tuple(data["left_out"]),
            sequences=tuple(Sequence(**each) for each in data["sequences"]),
            files=tuple(File(**each) for each in data["files"]),
            key=str(data["key"]),
        )


@dataclass(frozen=True, slots=True)
class Done:
    """What was written or read: tables, rows, bytes of COPY, files of the home, the size of the file, seconds."""

    tables: int
    rows: int
    bytes: int
    files: int
    file_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: what was read, when the backup was made, who was erased again, and what waits at the gate."""

    done: Done
    made_at: datetime
    erased_again: int
    left: Collection[int]
    waiting: int
