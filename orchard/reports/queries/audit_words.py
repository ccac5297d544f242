"""The details of lines of the audit book in words: codes by their labels, people by their names, nothing left empty."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from orchard.campaigns import queries as campaigns
from orchard.contacts.types import BuyingRole, Entity
from orchard.interactions.types import KINDS, NotUseful
from orchard.journal.models import Entry
from orchard.journal.types import DETAILS
from orchard.kit import once
from orchard.kit.languages import dated
from orchard.kit.money import Money
from orchard.kit.words import recalled, said, voiced
from orchard.leads import queries as leads
from orchard.reports.queries.past import labels_of
from orchard.tasks.types import Aside
from orchard.team import queries as team
from orchard.team.types import Role

_LONGEST = 300
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_MEMBERS = ("from", "to", "member", "of", "owner_id")
_PEOPLE = ("loser", "contact")
_FIELDS = ("filled", "changed_since", "fields")
_MONEY = ("amount", "planned_cost", "actual_cost")
_DRAFTS = ("agreement.draft_saved", "agreement.draft_discarded")
_SAID_BY_RECORD = {
    "agreement.proposed": {"number"},
    "agreement.signed": {"number"},
    "agreement.in_force": {"number"},
    "agreement.withdrawn": {"number"},
    "agreement.draft_discarded": {"text"},
    "api_token.added": {"name"},
    "api_token.withdrawn": {"name"},
    "import.cancelled": {"file"},
    "import.done": {"file"},
    "import.failed": {"file"},
    "program.draft_discarded": {"document"},
    "view.changed": {"name"},
    "view.overwritten": {"name"},
    "view.removed": {"name"},
}
"""What the record's own name tells, or is kept for whoever must find it again and is no line to read."""
_GATE = ("outbox.closed", "outbox.opened")
_LEAD_ENDS = ("lead.returned", "lead.disqualified")


class Details:
    """Tells the details of some lines: what their codes are called is asked once for all of them."""

    def __init__(
        self,
        entries: Sequence[Entry] = (),
        members: Mapping[int, str] | None = None,
        people: Mapping[int, str] | None = None,
    ) -> None:
        """Ask what the codes of these lines are called; the names of `members_in` and `people_in` them are given."""
        self._members = members or {}
        self._people = people or {}
        ends = any(entry.action in _LEAD_ENDS and entry.details.get("reason") for entry in entries)
        self._ends: Mapping[str, str] = leads.reason_labels() if ends else {}
        fields = {
            entity
            for entity in Entity
            for entry in entries
            if entry.action.startswith(f"{entity.value}.")
            and any(entry.details.get(name) for name in _FIELDS)
        }
        self._fields = {entity.value: labels_of(entity) for entity in fields}
        self._records = {
            name: found(among) if among else {}
            for name, found in _RECORDS.items()
            for among in [{each for entry in entries for each in ids_in(entry.details, (name,))}]
        }
        changed = {entry.subject_id or 0 for entry in entries if entry.action == "campaign.changed"}
        self._currencies = campaigns.currencies(changed) if changed else {}

    def told(self, action: str, details: Mapping[str, Any], subject_id: int | None = None) -> str:
        """Return what a line holds beside the record, in one text, cut; what is empty is left out."""
        currency = self._currencies.get(subject_id or 0, "") if action == "campaign.changed" else ""
        told = {name: value for name, value in details.items() if value not in _EMPTY}
        parts = [f"{label}: {words}" for label, words in self._parts(action, told, currency)]
        text = "; ".join(parts)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

    def _parts(
        self, action: str, details: Mapping[str, Any], currency: str = ""
    ) -> Iterator[tuple[str, str]]:
        """Yield what each part is called, and what it says; an amount is told with its currency."""
        was, now = details.get("was"), details.get("is")
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            pairs = {name: [was.get(name), value] for name, value in now.items() if was.get(name) != value}
            for name, pair in pairs.items():
                yield called(name), _turned(pair, partial(self._value, action, name))
            return
        given = details.get("currency")
        currency = given if isinstance(given, str) and given else currency
        for name, value in details.items():
            if name == "text" and action in _DRAFTS and (draft := _draft_named(str(value))):
                yield said(DETAILS["draft"]), draft
            if name in _SAID_BY_RECORD.get(action, ()) or (name == "currency" and "amount" in details):
                continue
            if name == "version" and action in _DRAFTS:
                yield _("state of the draft"), str(value)
            elif name in _MONEY and currency:
                yield called(name), _turned(value, partial(_money, currency))
            elif action == "campaign.changed" and isinstance(value, list):
                yield called(name), _turned(value, partial(self._value, action, name))
            else:
                yield called(name), self._value(action, name, value)

    def _value(self, action: str, name: str, value: Any) -> str:
        if action in _GATE and name == "reason":
            return said(recalled(value))
        if isinstance(value, Mapping):
            return ", ".join(f"{label} {words}" for label, words in self._parts(action, value))
        if isinstance(value, list) and value:
            return ", ".join(self._value(action, name, each) for each in value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, int):
            return self._name(name, value) or (_NUMBERS[name](value) if name in _NUMBERS else str(value))
        return self._label(action, name, str(value)) if value not in _EMPTY else _("none")

    def _name(self, name: str, number: int) -> str:
        """Return who or what has this id, as far as one may see it; empty for a number that is none's."""
        if name in _PEOPLE:
            return self._people.get(number, "")
        if name in _RECORDS:
            return self._records[name].get(number, "")
        return self._members.get(number, "") if name in _MEMBERS else ""

    def _label(self, action: str, name: str, code: str) -> str:
        """Return what a code is called; what is none stands as it was written."""
        if name == "reason" and action in _LEAD_ENDS:
            return voiced(self._ends.get(code, code))
        if name in _FIELDS:
            labels = self._fields.get(action.partition(".")[0], {})
            return voiced(labels.get(code, code.removeprefix("custom.")))
        coded = _CODES.get((action, name)) or _CODES.get(("", name))
        return (coded(code) or code) if coded else code


def members_in(entries: Iterable[Entry]) -> set[int]:
    """Return the members whom the details of these lines name by their ids."""
    return {each for entry in entries for each in ids_in(entry.details, _MEMBERS)}


def people_in(entries: Iterable[Entry]) -> set[int]:
    """Return the contacts whom the details of these lines name by their ids."""
    return {each for entry in entries for each in ids_in(entry.details, _PEOPLE)}


def called(name: str) -> str:
    """Return what a part of the details is called."""
    return said(DETAILS[name]) if name in DETAILS else spaced(name)


def spaced(name: str) -> str:
    """Return a name of the code as words, where there are none for it."""
    return name.replace("_", " ").replace("api ", "API ")


def ids_in(details: Mapping[str, Any], names: Collection[str]) -> set[int]:
    """Return the numbers that stand under these names, however deep."""
    found = set()
    for name, value in details.items():
        if isinstance(value, Mapping):
            found |= ids_in(value, names)
        elif name in names:
            found |= {
                each for each in (value if isinstance(value, list) else [value]) if isinstance(each, int)
            }
    return found


def _turned(value: Any, words: Callable[[Any], str]) -> str:
    """Return a value in words; of one that was changed, what it was and what it is."""
    if isinstance(value, list) and len(value) == 2:  # noqa: PLR2004 - before and after
        before, after = map(words, value)
        return _("%(after)s, before: %(before)s") % {"before": before, "after": after}
    return words(value)


def _money(currency: str, amount: Any) -> str:
    return str(Money(amount, currency)) if isinstance(amount, int) else _("none")


def _draft_named(text: str) -> str:
    """Return what a draft of the agreement calls itself; any text may be one."""
    found = re.search(r"""^name:[ ]*["']?(.*?)["']?[ ]*$""", text, re.MULTILINE)
    return found[1] if found else ""


def _among(codes: type[NotUseful] | type[Aside] | type[Role] | type[BuyingRole]) -> Callable[[str], str]:
    return lambda code: said(codes(code).label) if code in set(codes) else ""


def _kind(code: str) -> str:
    return said(KINDS[code].label) if code in KINDS else ""


def _day(code: str) -> str:
    try:
        return dated(date.fromisoformat(code), "j M Y")
    except ValueError:
        return ""


def _week(code: str) -> str:
    year, _sign, number = code.partition("-W")
    return _("week %(number)s of %(year)s") % {"number": number.lstrip("0"), "year": year} if number else ""


def _scope(code: str) -> str:
    return {"own": _("the own"), "team": _("the team's"), "all": _("everybody's")}.get(code, "")


def _side(code: str) -> str:
    return {"sales": _("Sales"), "marketing": _("Marketing")}.get(code, "")


def _status(code: str) -> str:
    return {
        "planned": _("planned"),
        "running": _("running"),
        "done": _("done"),
        "cancelled": _("cancelled"),
    }.get(code, "")


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


_NUMBERS: Mapping[str, Callable[[int], str]] = {
    "opens": _time,
    "closes": _time,
    "weekdays": lambda day: str(WEEKDAYS_ABBR.get(day, day)),
}
"""How numbers become words, by the name of the detail."""


def teams_named(_ids: Iterable[int]) -> Mapping[int, str]:
    """Return what teams are called; asked once for a page, for its records and for their details."""
    return once.asked("audit.teams", lambda: {each.pk: each.name for each in team.teams()})


def territories_named(_ids: Iterable[int]) -> Mapping[int, str]:
    """Return what territories are called, asked likewise."""
    return once.asked("audit.territories", lambda: {each.pk: each.name for each in team.territories()})


_RECORDS: Mapping[str, Callable[[Iterable[int]], Mapping[int, str]]] = {
    "team": teams_named,
    "territory": territories_named,
    "parent_id": campaigns.names,
}
"""What records are called whose ids stand under a name."""


def _state(code: str) -> str:
    return {"open": _("open"), "won": _("won"), "lost": _("lost")}.get(code, "")


_CODES: Mapping[tuple[str, str], Callable[[str], str]] = {
    ("contact.judged", "reason"): _among(NotUseful),
    ("contact.put_aside", "reason"): _among(Aside),
    ("contact.role_set", "before"): _among(BuyingRole),
    ("contact.role_set", "after"): _among(BuyingRole),
    ("opportunity.taken_back", "was"): _state,
    ("", "happened"): _kind,
    ("", "role"): _among(Role),
    ("", "until"): _day,
    ("", "by"): _day,
    ("", "first"): _day,
    ("", "last"): _day,
    ("", "days_off"): _day,
    ("", "starts_on"): _day,
    ("", "ends_on"): _day,
    ("", "week"): _week,
    ("", "scope"): _scope,
    ("", "side"): _side,
    ("", "signs_for"): _side,
    ("campaign.changed", "status"): _status,
}
"""How codes become words, by the action and the name of the detail; for any action where none is named."""
