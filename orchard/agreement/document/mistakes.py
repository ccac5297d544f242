"""What is wrong with a document, where it stands in the text, and a sentence that says what to do."""

from dataclasses import dataclass

from orchard.kit.words import Phrase


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake. Line and column count from 1; `path` is written as in `handoff.any[1].did`."""

    line: int
    column: int
    path: str
    sentence: str

    def __post_init__(self) -> None:
        """Let the sentence be said in the language of who reads it."""
        object.__setattr__(self, "sentence", Phrase(self.sentence))

    def __str__(self) -> str:
        """Return the mistake as one line of a list."""
        return self.told

    @property
    def told(self) -> Phrase:
        """The sentence, behind its place."""
        sentence = Phrase(self.sentence)
        if self.path:
            return Phrase(
                "line {line}, {path}: {sentence}", line=self.line, path=self.path, sentence=sentence
            )
        if self.column > 1:
            return Phrase(
                "line {line}, column {column}: {sentence}",
                line=self.line,
                column=self.column,
                sentence=sentence,
            )
        return Phrase("line {line}: {sentence}", line=self.line, sentence=sentence)
