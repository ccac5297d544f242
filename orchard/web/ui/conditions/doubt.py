"""Ask which number is meant, where the one that was typed may be thousands or decimals."""

from orchard.kit.numbers import readings
from orchard.kit.words import Phrase, marked

_EITHER = marked("“{typed}” may mean {whole} or {parted}. Write it without any mark, or with a space.")
_NO_NUMBERS = ("is a number, not {value}", "is a whole number, not {value}")


def doubted(sentence: str) -> Phrase | None:
    """Return the question to ask in the place of a mistake that says that something is no number, or None."""
    core = core_of(sentence)
    return two_readings(str(core.values["value"]).strip("'")) if core.template in _NO_NUMBERS else None


def two_readings(typed: str) -> Phrase | None:
    """Return the question that a number asks which may be thousands or decimals; None where it is no such."""
    found = readings(typed)
    return Phrase(_EITHER, typed=typed, whole=found[0], parted=found[1]) if found else None


def core_of(sentence: str) -> Phrase:
    """Return what the sentence is made around: the reason inside `{why:sentence}` or behind the name of a field."""
    found = Phrase(sentence)
    for around, inside in (("{why:sentence}", "why"), ("`{field}` {error}.", "error")):
        if found.template == around:
            inner = found.values[inside]
            found = Phrase(inner.args[0] if isinstance(inner, Exception) else inner)
    return found
