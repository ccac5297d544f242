"""Read a posted builder back into the values of a condition, doing the one act (add, remove, move) that was pressed.

The name of each field is the path of its row (`when.0.sort`); the button pressed is `act`, as in `when.0!remove`.
Nothing is judged here: what makes no sense comes back as typed, for the grammar to explain.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import QueryDict

from orchard.engine.types import CONTACTS, FACTS, Catalogue, ColumnType
from orchard.kit import numbers
from orchard.kit.errors import Refused
from orchard.web.request import counter_of

PARTS = ("total", "fit", "engagement", "account")
GROUPS = ("all", "any", "not")
DEEPEST = 30
_NUMBERS = (ColumnType.BIGINT, ColumnType.DOUBLE)
Values = dict[str, Any]


def read_condition(post: QueryDict, prefix: str, catalogue: Catalogue, table: str = CONTACTS) -> Any:
    """Return the values of the condition posted under `prefix`; None where there is none (any more)."""
    return _Reader(post, catalogue).node(prefix, table, 0)


def first_leaf(catalogue: Catalogue, table: str = CONTACTS) -> Values:
    """Return what a new row says before anybody chose."""
    fields = [field for field in catalogue.fields if field.table == table]
    return blank_field(fields[0].name, fields[0].type) if fields else {"field": "", "is": ""}


def blank_field(name: str, kind: ColumnType) -> Values:
    """Return a comparison with nothing to compare with yet."""
    if kind is ColumnType.BOOLEAN:
        return {"field": name, "is": True}
    if kind in (ColumnType.TIMESTAMP, ColumnType.DATE):
        return {"field": name, "within_days": 30}
    return {"field": name, "is" if kind is ColumnType.TEXT else "gt": ""}


def number(text: str) -> Any:
    """Return the number that `text` spells, else the text; None where it is empty."""
    text = text.strip()
    if not text:
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def grouped_number(text: str) -> Any:
    """Return the number that `text` spells as the reader's language writes it; else as `number` does."""
    found = numbers.typed(text)
    if found is None:
        return text.strip() if numbers.readings(text) else number(text)
    return int(found) if found.as_tuple().exponent == 0 else float(found)


def split(text: str) -> list[str]:
    """Return the values of a list typed with commas; one that holds a comma stands in double quotes."""
    rows = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
    try:
        return [value for row in rows for value in row if value.strip()]
    except csv.Error:  # a value longer than any list has
        return [text]


def moved(rows: list[Any], prefix: str, act: str) -> list[Any]:
    """Return the rows after `act` moved one of them (`fit.2!up`)."""
    path, _, verb = act.partition("!")
    around, _, place = path.rpartition(".")
    here = counter_of(place)
    if around != prefix or verb not in ("up", "down") or here is None:
        return rows
    there = here + (1 if verb == "down" else -1)
    if 0 <= here < len(rows) and 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    return rows


class _Reader:
    def __init__(self, post: QueryDict, catalogue: Catalogue) -> None:
        self._post = post
        self._catalogue = catalogue
        self._act = str(post.get("act", ""))

    def _text(self, name: str) -> str:
        return str(self._post.get(name, "")).strip()

    def node(self, at: str, table: str, depth: int) -> Any:
        if depth > DEEPEST:
            raise Refused("Conditions may not be nested that deep.")
        if self._act == f"{at}!remove":
            return None
        if f"{at}.raw" in self._post:
            return _json(self._text(f"{at}.raw"))
        if f"{at}.sort" not in self._post:
            return first_leaf(self._catalogue, table) if self._act == f"{at}!add" else None
        sort, was = self._text(f"{at}.sort"), self._text(f"{at}.was") or self._text(f"{at}.sort")
        made = self._made(was, at, table, depth)
        if sort != was:
            made = turned(made, sort, self._catalogue, table)
        return {"all": [made, first_leaf(self._catalogue, table)]} if self._act == f"{at}!and" else made

    def _made(self, sort: str, at: str, table: str, depth: int) -> Values:
        leaves: Mapping[str, Callable[[str], Values]] = {
            "did": self._did_of(depth),
            "score": self._score,
            "stage": lambda place: {"stage": self._post.getlist(f"{place}.stage")},
            "segment": lambda place: {"segment": self._text(f"{place}.segment")},
        }
        if sort in GROUPS:
            return self._group(sort, at, table, depth)
        return leaves[sort](at) if sort in leaves else self._field(at, table)

    def _group(self, sort: str, at: str, table: str, depth: int) -> Values:
        children, place = [], 0
        while f"{at}.{place}.sort" in self._post or f"{at}.{place}.raw" in self._post:
            children.append(self.node(f"{at}.{place}", table, depth + 1))
            place += 1
        children = [child for child in moved(children, at, self._act) if child is not None]
        if self._act == f"{at}!add":
            children.append(first_leaf(self._catalogue, table))
        elif self._act == f"{at}!group":
            children.append({"any" if sort == "all" else "all": [first_leaf(self._catalogue, table)]})
        if sort == "not":
            return {"not": children[0] if children else first_leaf(self._catalogue, table)}
        return {sort: children}

    def _field(self, at: str, table: str) -> Values:
        name, was = self._text(f"{at}.field"), self._text(f"{at}.field_was")
        field = self._catalogue.find(name, table)
        if field is not None and was and was != name:
            return blank_field(name, field.type)
        operator, kind = self._text(f"{at}.operator") or "is", field.type if field else ColumnType.TEXT
        operator_was = self._text(f"{at}.operator_was") or operator
        value = [str(each) for each in self._post.getlist(f"{at}.value")]
        if f"{at}.picked" in self._post:
            more = split(self._text(f"{at}.more"))
            typed = [*value, *(each for each in dict.fromkeys(more) if each not in value)]
        else:
            typed = split(value[0]) if operator_was == "in" and value else value
        if operator == "empty":
            return {"field": name, operator: (typed or ["true"])[0] != "false"}
        if operator == "between":
            high = self._text(f"{at}.high")
            return {"field": name, operator: [_typed((typed or [""])[0], kind), _typed(high, kind)]}
        if operator == "in":
            return {"field": name, operator: [_typed(each, kind) for each in typed if each]}
        first = typed[0] if typed else ""
        return {
            "field": name,
            operator: grouped_number(first) if operator == "within_days" else _typed(first, kind),
        }

    def _did_of(self, depth: int) -> Callable[[str], Values]:
        def did(at: str) -> Values:
            made: Values = {"did": self._post.getlist(f"{at}.kinds")}
            window = self._text(f"{at}.window")
            if window == "within":
                made["within_days"] = grouped_number(self._text(f"{at}.days") or "30")
            elif window in ("last_return", "offer"):
                made["since"] = window
            elif window == "day":
                made["since"] = self._text(f"{at}.since")
            for bound in ("at_least", "at_most"):
                if (value := grouped_number(self._text(f"{at}.{bound}"))) is not None:
                    made[bound] = value
            if (where := self.node(f"{at}.where", FACTS, depth + 1)) is not None:
                made["where"] = where
            return made

        return did

    def _score(self, at: str) -> Values:
        made: Values = {"score": self._text(f"{at}.score") or "total"}
        for bound in ("at_least", "at_most"):
            if (value := grouped_number(self._text(f"{at}.{bound}"))) is not None:
                made[bound] = value
        return made


def turned(made: Values, sort: str, catalogue: Catalogue, table: str) -> Values:
    """Return a row whose sort was changed, keeping of it what the new sort can hold."""
    was = next((key for key in GROUPS if key in made), "")
    children: list[Any] = _listed(made[was]) if was else [made]
    if sort == "not":
        return {"not": children[0] if len(children) == 1 else {was: children}} if children else {"not": made}
    if sort in GROUPS:
        return {sort: children}
    kept = next((child for child in children if isinstance(child, dict) and sort in child), None)
    if kept is not None and was:
        return dict(kept)
    blank: Mapping[str, Values] = {
        "did": {"did": [], "within_days": 30},
        "score": {"score": "total", "at_least": 50},
        "stage": {"stage": []},
        "segment": {"segment": ""},
    }
    return dict(blank[sort]) if sort in blank else first_leaf(catalogue, table)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str | dict) else [value]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("A part of the form could not be read. Reload the page.") from error


def _typed(text: str, kind: ColumnType) -> Any:
    """Return a value as the field's type writes it; what does not fit stays text, for the grammar to explain."""
    if kind in _NUMBERS:
        found = grouped_number(text)
        return "" if found is None else found
    if kind is ColumnType.BOOLEAN and text in ("true", "false"):
        return text == "true"
    return text
