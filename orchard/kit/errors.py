"""What the product refuses, and the sentence and HTTP status each refusal carries."""

from datetime import datetime
from typing import Self


class Refused(Exception):  # noqa: N818 - the word the user meets
    """Something the product will not do; `str(error)` is one clear sentence that says what to do."""

    status = 400
    about = ""
    """Which of the values that were given it is about, by the name it has in the action; empty for the whole."""

    def at(self, name: str) -> Self:
        """Return the same refusal, said of one value."""
        self.about = name
        return self

    @property
    def sentence(self) -> str:
        """The sentence for the user."""
        return str(self)


class NotAllowed(Refused):
    """The member has no right to this."""

    status = 403


class NotFound(Refused):
    """There is no such record, or none that the member may see."""

    status = 404


class Conflict(Refused):
    """Somebody else was first; nothing was changed."""

    status = 409


class Outdated(Conflict):
    """Somebody changed the record after it was shown; `stands` is the time of that change."""

    def __init__(self, sentence: str, stands: datetime) -> None:
        super().__init__(sentence)
        self.stands = stands


def refuse_unseen(what: str, *, stands: datetime, seen: datetime | None) -> None:
    """Refuse to write over a record, locked and changed last at `stands`, that was shown as of another time.

    Who shows nobody anything, such as an import, passes None as `seen`.
    """
    if seen is not None and seen != stands:
        raise Outdated(
            f"Somebody changed this {what} while you wrote. Nothing is kept yet: look at what stands on its "
            "page, then send this again to set it as below.",
            stands,
        )
