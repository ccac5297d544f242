"""What the product refuses, and the sentence and HTTP status each refusal carries."""

from datetime import datetime
from typing import Any, Self

from orchard.kit.words import Phrase, said


class Refused(Exception):  # noqa: N818 - the word the user meets
    """Something the product will not do, told by one clear sentence that says what to do.

    `Refused("At most {at_most} characters fit.", at_most=200)`: the sentence is written in English, with places for
    its values. `str(error)` is English, for programs and logs; pages show `error.sentence`.
    """

    status = 400
    about = ""
    """Which of the values that were given it is about, by the name it has in the action; empty for the whole."""

    def __init__(self, sentence: str = "", /, **values: Any) -> None:
        super().__init__(Phrase(sentence, **values) if values else sentence)

    def at(self, name: str) -> Self:
        """Return the same refusal, said of one value."""
        self.about = name
        return self

    @property
    def sentence(self) -> str:
        """The sentence for the user, in the language that is active."""
        return said(self.args[0]) if self.args else ""


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

    def __init__(self, sentence: str, /, stands: datetime, **values: Any) -> None:
        super().__init__(sentence, **values)
        self.stands = stands


def refuse_unseen(what: str, *, stands: datetime, seen: datetime | None) -> None:
    """Refuse to write over a record, locked and changed last at `stands`, that was shown as of another time.

    `what` is the sort of record, in one `marked` word. Who shows nobody anything, such as an import, passes None
    as `seen`.
    """
    if seen is not None and seen != stands:
        raise Outdated(
            "Somebody changed this {what} while you wrote. Nothing is kept yet: look at what stands on its "
            "page, then send this again to set it as below.",
            stands,
            what=Phrase(what),
        )
