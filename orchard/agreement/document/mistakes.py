"""What is wrong with a document, where it stands in the text, and a sentence that says what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake. Line and column count from 1; `path` is written as in `handoff.any[1].did`."""

    line: int
    column: int
    path: str
    sentence: str

    def __str__(self) -> str:
        """Return the mistake as one line of a list."""
        place = f"line {self.line}"
        return f"{place}, {self.path}: {self.sentence}" if self.path else f"{place}: {self.sentence}"
