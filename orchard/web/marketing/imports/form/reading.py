"""Reads what the mapping form posted, and does what one of its small buttons asked: add a part, remove one."""

import json
from collections.abc import Mapping
from typing import Any

from orchard.connect.queries import Look
from orchard.kit.errors import Refused
from orchard.web.marketing.imports.form.choices import MOST_COLUMNS
from orchard.web.marketing.imports.form.sheet import Column, Kept, Part, Sheet

_OF_COLUMN = ("to", "source", "key", "type", "choices", "currency")
_OF_FACT = (
    "kind",
    "at",
    "campaign",
    "campaign_value",
    "content",
    "content_value",
    "amount",
    "currency",
    "words",
    "key",
    "only_if",
    "once",
)
_OF_CONSENT = ("purpose", "state", "at", "only_if", "wording", "wording_version")
_MOST_PARTS = 50


def sheet_from(post: Mapping[str, str], look: Look) -> Sheet:
    """Return the values that were posted, with what the pressed small button asks already done."""
    sheet = Sheet([])
    for place, name in enumerate(look.header[:MOST_COLUMNS]):
        given = {key: post.get(f"c.{place}.{key}", "").strip() for key in _OF_COLUMN}
        given["type"] = given["type"] or "text"
        sheet.columns.append(Column(place, name, look.samples[place], **given))
    sheet.facts = _parts(post, "f", _OF_FACT)
    sheet.consents = _parts(post, "k", _OF_CONSENT)
    sheet.kept = [Kept(str(name), sources) for name, sources in _json(post, "kept", list)]
    sheet.rest = _json(post, "rest", dict)
    sheet.dates = post.get("dates", "").strip() or "auto"
    sheet.numbers = post.get("numbers", "").strip() or "auto"
    sheet.nulls = post.get("nulls", "")
    sheet.country = post.get("country", "").strip()
    sheet.time_zone = post.get("time_zone", "").strip() or "UTC"
    sheet.refuse_unknown = bool(post.get("refuse_unknown"))
    _do(sheet, post.get("act", ""))
    return sheet


def _parts(post: Mapping[str, str], prefix: str, names: tuple[str, ...]) -> list[Part]:
    parts = []
    for place in range(_MOST_PARTS):
        raw = _json(post, f"{prefix}.{place}.raw", dict)
        if raw:
            parts.append(Part(place, raw=raw))
        elif f"{prefix}.{place}.at" in post:
            parts.append(
                Part(place, {name: post.get(f"{prefix}.{place}.{name}", "").strip() for name in names})
            )
    return parts


def _json(post: Mapping[str, str], name: str, sort: type) -> Any:
    """Return what we wrote into a hidden field ourselves; the grammar of maps checks it like any other text."""
    found: Any
    try:
        found = json.loads(post.get(name) or "null")
    except (ValueError, RecursionError):
        found = None
    if found is None:
        return sort()
    if not isinstance(found, sort) or (name == "kept" and not _are_kept(found)):
        raise Refused("This form was changed on its way. Open the page anew.")
    return found


def _are_kept(found: object) -> bool:
    return isinstance(found, list) and all(map(_is_kept, found))


def _is_kept(each: object) -> bool:
    return (
        isinstance(each, list)
        and len(each) == 2  # noqa: PLR2004 - a name and its sources
        and isinstance(each[1], list)
        and all(isinstance(source, dict) for source in each[1])
    )


def _do(sheet: Sheet, act: str) -> None:
    verb, _, which = act.partition("!")
    lists = {"f": sheet.facts, "k": sheet.consents}
    if verb == "add" and which in lists and len(lists[which]) < _MOST_PARTS:
        lists[which].append(Part(len(lists[which])))
    elif verb == "remove":
        name, _, rest = which.partition(".")
        if name == "kept":
            sheet.kept = [each for each in sheet.kept if each.name != rest]
        elif name in lists:
            lists[name][:] = [part for part in lists[name] if str(part.place) != rest]
    for parts in lists.values():
        for place, part in enumerate(parts):
            part.place = place
