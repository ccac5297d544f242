"""How a text that people read is written below the pages, in English, and said in the language of who reads it."""

from collections.abc import Iterable
from importlib import import_module
from string import Formatter
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from django.utils.functional import Promise
    from django.utils.safestring import SafeString


def _django(name: str) -> Any:
    """Return a module of Django's, once somebody reads: what starts the database refuses where there is no Django."""
    return import_module(f"django.utils.{name}")


def marked(text: str) -> str:
    """Return the text as it is; written around a text, it has the catalogues of other languages hold it."""
    return text


class Phrase(str):
    """An English sentence that remembers what it was made of, so that it can be said in another language.

    `Phrase("At most {at_most} characters fit.", at_most=200)` is the English text wherever it is stored, sent or
    compared; where a template shows it, and by `said`, it is in the language of the reader. Values that are phrases
    or refusals are said too, those of a list one by one; a whole number is written with its thousands apart;
    `{why:sentence}` begins with a capital and ends with a full stop, `{why:stop}` only ends with one. Without values
    the text stands as it is, braces included.
    """

    __slots__ = ("template", "values")

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        """Fill the template in English."""
        if isinstance(template, cls) and not values:
            return template
        made = super().__new__(cls, _ENGLISH.vformat(template, (), values) if values else template)
        made.template, made.values = template, values
        return made

    def __html__(self) -> "SafeString":
        """Show it on a page: said to who reads it."""
        shown: SafeString = _django("html").escape(said(self))
        return shown

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Copy and pickle it with what it was made of."""
        return (self.template,), self.values


def together(parts: Iterable[str], between: str = " ") -> Phrase:
    """Return several sentences as one phrase, each said by itself."""
    named = {f"part{place}": Phrase(each) for place, each in enumerate(parts)}
    return Phrase(between.join(f"{{{name}}}" for name in named), **named)


def said(text: "str | Promise", /, **values: Any) -> str:
    """Return the text in the language that is active in this thread, its values filled in.

    A text that is in no catalogue, such as one that was translated before, is returned as it is.
    """
    if not isinstance(text, str):
        return str(text)
    template = text.template if isinstance(text, Phrase) else text
    values = values or (text.values if isinstance(text, Phrase) else {})
    # To the empty text, catalogues answer with their own head.
    found = str(_django("translation").gettext(template)) if template else ""
    return _OF_THE_READER.vformat(found, (), values) if values else found


def voiced(value: Any) -> str:
    """Return a value as the reader sees it: what is ours is said, what somebody wrote or named is left as it is."""
    if isinstance(value, Exception) and len(value.args) == 1:
        return said(value.args[0])
    return said(value) if isinstance(value, Phrase) else str(value)


def kept(text: str) -> Any:
    """Return a text as JSON that `recalled` reads: what says it, with its values, so that it can be said anew later.

    A phrase becomes its template and its values; the template is the key by which catalogues know it. Any other text,
    and a phrase without values, stands as it is.
    """
    if isinstance(text, Phrase) and text.values:
        return [text.template, {name: _kept_value(value) for name, value in text.values.items()}]
    return text.template if isinstance(text, Phrase) else str(text)


def recalled(stored: Any) -> Phrase:
    """Return the phrase that `kept` wrote down; all else, such as a sentence of an earlier release, stands as it is."""
    match stored:
        case [str(template), dict(values)]:
            return Phrase(template, **{name: _recalled_value(value) for name, value in values.items()})
    return Phrase(str(stored))


def _kept_value(value: Any) -> Any:
    """Write down one value: what is said itself as a list, several values under `each`, all else as plain JSON."""
    if isinstance(value, Exception) and len(value.args) == 1:
        value = Phrase(value.args[0])
    if isinstance(value, Phrase):
        told = kept(value)
        return [told, {}] if isinstance(told, str) else told
    if isinstance(value, (list, tuple)):
        return {"each": [_kept_value(one) for one in value]}
    return value if isinstance(value, (bool, int, float)) else str(value)


def _recalled_value(stored: Any) -> Any:
    if isinstance(stored, list):
        return recalled(stored)
    return [_recalled_value(one) for one in stored["each"]] if isinstance(stored, dict) else stored


class _English(Formatter):
    """Fills in the values as they are stored, sent and logged."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write one value."""
        if format_spec in ("sentence", "stop"):
            text = self.format_field(value, "").rstrip(".")
            text = text if text.endswith("?") else f"{text}."
            return text[:1].upper() + text[1:] if format_spec == "sentence" else text
        if format_spec:
            return format(value, format_spec)
        if isinstance(value, (list, tuple)):
            return ", ".join(self.format_field(each, "") for each in value)
        whole = isinstance(value, int) and not isinstance(value, bool)
        return self.number(value) if whole else self.text(value)

    def number(self, value: int) -> str:
        """Write a whole number."""
        return f"{value:,}"

    def text(self, value: Any) -> str:
        """Write anything else."""
        return str(value)


class _OfTheReader(_English):
    """Fills in the values as the reader's language writes them."""

    def number(self, value: int) -> str:
        """Write a whole number."""
        return str(_django("formats").number_format(value, force_grouping=True))

    def text(self, value: Any) -> str:
        """Write anything else."""
        return voiced(value)


_ENGLISH = _English()
_OF_THE_READER = _OfTheReader()
