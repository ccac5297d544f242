"""What the product refuses, and the sentence and HTTP status each refusal carries."""


class Refused(Exception):  # noqa: N818 - the word the user meets
    """Something the product will not do; `str(error)` is one clear sentence that says what to do."""

    status = 400

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
