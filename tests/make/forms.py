"""The forms on a page as a browser would send them, and what of its markup would run."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = frozenset({"text", "search", "email", "tel", "url", ""})
"""The sorts of inputs into which anything can be typed."""


@dataclass
class Form:
    """A form as a browser would send it: where, how, what stands in it, and in which fields one types."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, int] = field(default_factory=dict)
    """The longest text that each takes."""
    buttons: list[tuple[str, str]] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    """The fields that are said to be wrong."""

    @property
    def shape(self):
        """What forms have in common that differ in numbers alone."""
        return (
            self.method,
            re.sub(r"\d+", "0", self.action),
            tuple(sorted(re.sub(r"\d+", "0", n) for n in self.typed)),
        )


class _Forms(HTMLParser):
    def __init__(self, page, address):
        super().__init__()
        self.found, self._form, self._address = [], None, address
        self._select, self._area, self._radio = None, None, {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form":
            action = at.get("action") or self._address
            action = self._address.partition("?")[0] + action if action.startswith("?") else action
            self._form = Form(action, (at.get("method") or "get").lower())
            self.found.append(self._form)
            return
        name = at.get("name")
        if self._form is None or not name:
            if tag == "option" and self._select is not None:
                self._option(at)
            return
        if at.get("aria-invalid") == "true":
            self._form.wrong.add(name)
        sort = at.get("type", "text" if tag == "input" else "").lower()
        longest = int(at.get("maxlength") or 0) or (200 if tag == "input" else 4000)
        if tag == "textarea":
            self._area = name
            self._form.values.setdefault(name, []).append("")
            self._form.typed[name] = longest
        elif tag == "select":
            self._select = (name, "multiple" in at)
        elif tag == "button" and at.get("type", "submit") == "submit":
            self._form.buttons.append((name, at.get("value", "")))
        elif tag == "input":
            self._input(name, sort, longest, at)

    def _input(self, name, sort, longest, at):
        values = self._form.values
        if sort == "radio":
            if "checked" in at or (name not in values and "disabled" not in at):
                values[name] = [at.get("value", "on")]
        elif sort == "checkbox":
            if "checked" in at:
                values.setdefault(name, []).append(at.get("value", "on"))
        elif sort not in ("file", "submit", "button", "password"):
            values.setdefault(name, []).append(at.get("value", ""))
            if sort in TYPED:
                self._form.typed[name] = longest

    def _option(self, at):
        name, many = self._select
        values = self._form.values
        if "selected" in at or (not many and name not in values and at.get("value")):
            values[name] = [at.get("value", "")]

    def handle_data(self, data):
        if self._area:
            self._form.values[self._area][-1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area:
            values = self._form.values[self._area]
            values[-1] = values[-1].removeprefix("\n")  # as browsers read it
            self._area = None
        elif tag == "select":
            self._select = None


def forms_of(page, address):
    """Return the forms of a page."""
    return _Forms(page, address).found


_STARTS = re.compile(r"^(?:on|hx-on|data-hx-on)", re.IGNORECASE)
_RUNS = re.compile(r"^[\s\x00-\x1f]*(?:javascript|vbscript|data):", re.IGNORECASE)
_LEADS = frozenset({"href", "src", "action", "formaction", "hx-get", "hx-post"})
_NEVER = frozenset(
    {"iframe", "object", "embed", "base", "marquee", "math", "style", "foreignobject", "plaintext"}
)


class _Live(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag in _NEVER or (tag == "script" and not at.get("src", "").startswith("/static/")):
            self.found.append(self.get_starttag_text())
        if tag == "meta" and "http-equiv" in at:
            self.found.append(self.get_starttag_text())
        for name, value in attrs:
            if _STARTS.match(name) or (name in _LEADS and _RUNS.match(value or "")):
                self.found.append(self.get_starttag_text())


def alive(page):
    """Return what of a page's markup would run something, load from elsewhere, or stand there by nobody's will."""
    return _Live(page).found
