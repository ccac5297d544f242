"""Shape the values of a condition as rows to draw, with the mistakes beside the row that they are about."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from orchard.engine.conditions.tree import SORTS
from orchard.engine.conditions.values import OPERATORS_OF
from orchard.engine.types import CONTACTS, FACTS, Catalogue, ColumnType
from orchard.engine.types import Field as CatalogueField
from orchard.kit import numbers
from orchard.kit.words import voiced
from orchard.web.ui.conditions.box import Box, Choice, Errors, picked, strangers, with_chosen
from orchard.web.ui.conditions.doubt import doubted
from orchard.web.ui.conditions.reading import GROUPS, PARTS


def box_of(
    values: Any,
    at: str,
    catalogue: Catalogue,
    *,
    path: str = "",
    errors: Errors | None = None,
    table: str = CONTACTS,
    sorts: Iterable[str] = ("field", "did", "score", "stage", "all", "any", "not"),
    removable: bool = True,
) -> Box:
    """Return the rows of `values` (a condition as YAML or a form gives it, right or wrong; None for none yet)."""
    shaping = _Shaping(catalogue, errors or {}, list(sorts))
    box = shaping.box(values, at, path, table)
    box.removable = removable
    box.alone = box.sort not in ("", "raw", "all", "any")
    return box


class _Shaping:
    def __init__(self, catalogue: Catalogue, errors: Errors, sorts: list[str]) -> None:
        self._catalogue = catalogue
        self._errors = errors
        self._sorts = sorts

    def box(self, values: Any, at: str, path: str, table: str) -> Box:
        box = Box(at, path)
        if values is None:
            return box
        sort = next((key for key in SORTS if isinstance(values, dict) and key in values), "")
        named = [key for key in SORTS if isinstance(values, dict) and key in values]
        if len(named) != 1 or not self._drawable(sort, values):
            box.sort, box.raw = "raw", json.dumps(values, default=str)
            box.errors = self._under(path)
            return box
        box.sort = sort
        words = _sort_words()
        allowed = ["field", *GROUPS] if table == FACTS else self._offered()
        box.sorts = [(each, words[each]) for each in dict.fromkeys((*allowed, sort))]
        {"field": self._field, "did": self._did, "score": self._score}.get(sort, self._rest)(
            box, values, table
        )
        own = [path, *(f"{path}.{key}" if path else key for key in values)]
        box.errors = [sentence for place in dict.fromkeys(own) for sentence in self._errors.get(place, ())]
        if sort in ("field", "did", "score", "stage", "segment"):
            box.errors = []
            self._share_out(box)
        return box

    def _share_out(self, box: Box) -> None:
        """Give each field of a row what is wrong with it; what is about none of them is about the row."""
        ends = {joined(box.path, word): end for word, end in box.fields()}
        for place in self._places_under(box.path):
            field = next((each for each in sorted(ends, reverse=True) if is_under(place, each)), "")
            found = box.wrong.setdefault(ends[field], []) if field else box.errors
            found.extend(doubted(each) or each for each in self._errors[place])

    def _offered(self) -> list[str]:
        """Return the sorts that may be chosen: segments where some are there to be named."""
        if not self._catalogue.segments:
            return self._sorts
        groups = [each for each in self._sorts if each in GROUPS]
        return [*(each for each in self._sorts if each not in GROUPS), "segment", *groups]

    def _drawable(self, sort: str, values: dict[str, Any]) -> bool:
        """Tell whether every word of the row has a field in the builder; else it is kept as written."""
        if sort in ("all", "any"):
            return isinstance(values[sort], list | tuple) and len(values) == 1
        if sort in ("not", "segment", "stage"):
            return len(values) == 1
        if sort == "field":
            return len(values) == 2 and isinstance(values["field"], str)  # noqa: PLR2004 - field and operator
        allowed = {"did", "within_days", "since", "at_least", "at_most", "where"} if sort == "did" else {
            "score", "at_least", "at_most"
        }  # fmt: skip
        return set(values) <= allowed and not {"within_days", "since"} <= set(values)

    def _places_under(self, path: str) -> list[str]:
        return [
            place
            for place in self._errors
            if is_under(place, path) and ".where" not in place.removeprefix(path)
        ]

    def _under(self, path: str) -> list[str]:
        return [sentence for place in self._places_under(path) for sentence in self._errors[place]]

    def _rest(self, box: Box, values: dict[str, Any], table: str) -> None:
        if box.sort == "stage":
            box.chosen = _texts(values["stage"])
            known = self._catalogue.stages or {each: each for each in _STAGES}
            _pick(box, known)
        elif box.sort == "segment":
            box.value = str(values["segment"])
            box.choices = with_chosen((self._catalogue.segments or {}).items(), [box.value])
        else:
            inner = [values["not"]] if box.sort == "not" else list(values[box.sort])
            for place, child in enumerate(inner):
                step = "not" if box.sort == "not" else f"{box.sort}[{place}]"
                path = f"{box.path}.{step}" if box.path else step
                made = self.box({} if child is None else child, f"{box.at}.{place}", path, table)
                made.movable = len(inner) > 1
                made.removable = box.sort != "not"
                box.children.append(made)

    def _field(self, box: Box, values: dict[str, Any], table: str) -> None:
        box.name = values["field"]
        box.operator = next(key for key in values if key != "field")
        known = self._catalogue.find(box.name, table)
        kind = known.type if known else ColumnType.TEXT
        box.kind = {
            ColumnType.BIGINT: "number",
            ColumnType.DOUBLE: "number",
            ColumnType.BOOLEAN: "boolean",
            ColumnType.DATE: "date",
            ColumnType.TIMESTAMP: "date",
        }.get(kind, "text")
        box.groups = self._field_groups(box.name, table)
        words = _operator_words(kind)
        box.operators = [
            (each, words[each])
            for each in dict.fromkeys((*OPERATORS_OF[kind], box.operator))
            if each in words
        ]
        operand = values[box.operator]
        given = list(operand) if isinstance(operand, list | tuple) else [operand]
        if box.operator == "between":
            low, high = (*given, "", "")[:2]
            box.value, box.high = _shown(low), _shown(high)
        elif box.operator == "in":
            box.chosen = [_shown(each, grouped=False) for each in given]
            box.value = _listed(box.chosen)
        else:
            box.value = _shown(given[0] if given else "")
        if known and box.operator in ("is", "in"):
            _offer(box, known)
        if box.operator == "within_days":
            box.kind, box.choices = "number", []

    def _field_groups(self, name: str, table: str) -> list[tuple[str, list[Choice]]]:
        groups: dict[str, list[Choice]] = {}
        for each in self._catalogue.fields:
            if each.table == table:
                title = {"contact": _("Contact"), "account": _("Account")}.get(
                    each.name.split(".")[0], _("Fact")
                )
                label = voiced(each.label)
                groups.setdefault(title, []).append((each.name, label[:1].upper() + label[1:]))
        if not any(name == value for rows in groups.values() for value, _label in rows):
            groups.setdefault(_("As written"), []).append((name, self._catalogue.label(name, table)))
        return list(groups.items())

    def _did(self, box: Box, values: dict[str, Any], _table: str) -> None:
        box.chosen = _texts(values["did"])
        kinds = self._catalogue.kinds
        named = (each for each in box.chosen if each in kinds)
        offered = dict.fromkeys((*(self._catalogue.offered or kinds), *named))
        _pick(box, {each: voiced(kinds[each]) for each in offered})
        since = values.get("since")
        if "within_days" in values:
            box.window, box.days = "within", _shown(values["within_days"])
        elif since in ("last_return", "offer"):
            box.window = str(since)
        elif since is not None:
            box.window, box.value = "day", _shown(since)
        box.at_least, box.at_most = _shown(values.get("at_least")), _shown(values.get("at_most"))
        box.where_offered = True
        path = f"{box.path}.where" if box.path else "where"
        box.where = self.box(values.get("where"), f"{box.at}.where", path, FACTS)

    def _score(self, box: Box, values: dict[str, Any], _table: str) -> None:
        box.value = str(values["score"])
        words = {
            "total": _("the whole score"),
            "fit": _("the points for fit"),
            "engagement": _("the points for engagement"),
            "account": _("the account's points together"),
        }
        box.choices = with_chosen(((each, words[each]) for each in PARTS), [box.value])
        box.at_least, box.at_most = _shown(values.get("at_least")), _shown(values.get("at_most"))


def _offer(box: Box, known: CatalogueField) -> None:
    """Offer what a field is usually compared with; what is chosen besides stays, with a mark."""
    labels = known.offered()
    if not labels:
        return
    box.picks, box.others = True, known.others
    if box.operator == "in":
        _pick(box, labels)
    else:
        box.choices = with_chosen(labels.items(), [box.value])


def _pick(box: Box, labels: Mapping[str, str]) -> None:
    """Let several be picked of what there is; what is chosen besides stays, with a mark."""
    box.choices = picked(labels.items(), box.chosen)
    box.strange = strangers(labels, box.chosen)


def joined(path: str, word: str) -> str:
    """Return the path of a word inside a part of the document; the whole document's path is empty."""
    return f"{path}.{word}" if path else word


def is_under(place: str, path: str) -> bool:
    """Tell whether `place` is at `path` or inside of it."""
    return not path or place == path or place.startswith((f"{path}.", f"{path}["))


_STAGES = (
    "contact",
    "engaged",
    "qualified",
    "accepted",
    "opportunity",
    "customer",
    "nurturing",
    "disqualified",
)


def _sort_words() -> dict[str, str]:
    return {
        "field": _("field"),
        "did": _("has done"),
        "score": _("score"),
        "stage": _("stage"),
        "segment": _("segment"),
        "all": _("all of these"),
        "any": _("any of these"),
        "not": _("not"),
    }


def _operator_words(kind: ColumnType) -> dict[str, str]:
    number = kind in (ColumnType.BIGINT, ColumnType.DOUBLE)
    return {
        "is": _("is"),
        "in": _("is one of"),
        "gt": _("is more than") if number else _("comes after"),
        "lt": _("is less than") if number else _("comes before"),
        "between": _("is from … to"),
        "contains": _("contains"),
        "before": _("is before"),
        "after": _("is after"),
        "within_days": _("lies within the last …"),
        "empty": _("is empty"),
    }


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def _shown(value: Any, *, grouped: bool = True) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return numbers.shown(value, grouped=grouped)
    return value.isoformat() if isinstance(value, date) else str(value)


def _listed(values: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(values)
    return out.getvalue().replace(",", ", ") if not any("," in value for value in values) else out.getvalue()
