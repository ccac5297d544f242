"""What PostgreSQL said when it failed, turned into one sentence of what happened and what to do."""

import re
from pathlib import Path

from orchard.kit.embedded_postgres.places import Places

# "FATAL: the database system is starting up" is the answer to our own asking.
_SAID = re.compile(
    r"(?:FATAL(?!:  the database system is starting up)|PANIC|ERROR|HINT|DETAIL|initdb: error"
    r"|could not|unrecognized|invalid value|syntax error).*"
)
_LONGEST = 600  # characters
_ADVICE = (
    ("No space left on device", "free some space on the disk that holds {base} and start again"),
    ("Disk quota exceeded", "free some space on the disk that holds {base} and start again"),
    ("Read-only file system", "make the disk that holds {base} writable and start again"),
    ("Permission denied", "give {base} back to the user it was made by and start again"),
    (
        "incompatible with server",
        "start the Orchard release that made it, write its database to a file with pg_dump, and restore that here",
    ),
    ("still in use", "end the left-over postgres processes of {data} and start again"),
    ("shared memory", "free some memory (see `ipcs -m` and `free -m`) and start again"),
    ("Cannot allocate memory", "free some memory and start again"),
    ("could not look up effective user", "give this user a line in /etc/passwd, or set DATABASE_URL"),
    ("pg_control", "restore your last backup into an empty ORCHARD_HOME"),
    ("could not locate a valid checkpoint record", "restore your last backup into an empty ORCHARD_HOME"),
)


def complaint(what: str, said: str, places: Places) -> str:
    """Make the sentence: what failed, PostgreSQL's own words (its last lines), and what to do."""
    words = last_words(said) or "it said nothing"
    advice = next((advice for sign, advice in _ADVICE if sign in said), "read {log} and start again")
    advice = advice.format(base=places.base, data=places.data, log=places.log)
    return f"{what} ({words}): {advice}."


def last_words(said: str) -> str:
    """Keep the lines in which PostgreSQL complains, without times and process ids, newest last."""
    lines = [found.group().strip() for line in said.splitlines() if (found := _SAID.search(line))]
    return "; ".join(dict.fromkeys(lines or said.strip().splitlines()[-3:]))[-_LONGEST:]


def said_since(log: Path, offset: int) -> str:
    """Read what the log gained since byte `offset`."""
    with log.open("rb") as file:
        file.seek(offset)
        return file.read().decode("utf-8", "replace")
