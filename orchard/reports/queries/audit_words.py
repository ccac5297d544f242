"""The details of lines of the audit book in words: codes by their labels, people by their names, nothing left empty."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from orchard.contacts import queries as contacts
from orchard.contacts.types import BuyingRole, Entity
from orchard.interactions.types import KINDS, NotUseful
from orchard.journal.models import Entry
from orchard.journal.types import DETAILS
from orchard.kit.languages import dated
from orchard.kit.words import said, voiced
from orchard.leads import queries as leads
from orchard.reports.queries.past import labels_of
from orchard.tasks.types import Aside
from orchard.team.types import Role

_LONGEST = 300
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_MEMBERS = ("from", "to", "member")
_PEOPLE = ("loser", "contact")
_FIELDS = ("filled", "changed_since")
_LEAD_ENDS = ("lead.returned", "lead.disqualified")


class Details:
    """Tells the details of some lines: what their codes are called is asked once for all of them."""

    def __init__(self, entries: Sequence[Entry] = (), members: Mapping[int, str] | None = None) -> None:
        """Ask what the codes of these lines are called; `members` are the names of `members_in` them."""
        self._members = members or {}
        people = {each for entry in entries for each in _ids(entry.details, _PEOPLE)}
        self._people = contacts.names(people) if people else {}
        ends = any(entry.action in _LEAD_ENDS and entry.details.get("reason") for entry in entries)
        self._ends: Mapping[str, str] = leads.reason_labels() if ends else {}
        fields = any(entry.details.get(name) for entry in entries for name in _FIELDS)
        self._fields: Mapping[str, str] = labels_of(Entity.CONTACT) if fields else {}

    def told(self, action: str, details: Mapping[str, Any]) -> str:
        """Return what a line holds beside the record, in one text, cut; what is empty is left out."""
        parts = [
            f"{called(name)}: {self._value(action, name, value)}"
            for name, value in details.items()
            if value not in _EMPTY
        ]
        text = "; ".join(parts)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

    def _value(self, action: str, name: str, value: Any) -> str:
        if isinstance(value, Mapping):
            return ", ".join(
                f"{called(each)} {self._value(action, each, inner)}" for each, inner in value.items()
            )
        if isinstance(value, list):
            return ", ".join(self._value(action, name, each) for each in value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, int):
            return self._name(name, value) or str(value)
        return self._label(action, name, str(value)) if value not in _EMPTY else _("none")

    def _name(self, name: str, number: int) -> str:
        """Return who has this id, as far as one may see them; empty for a number that is nobody's."""
        if name in _PEOPLE:
            return self._people.get(number, "")
        return self._members.get(number, "") if name in _MEMBERS else ""

    def _label(self, action: str, name: str, code: str) -> str:
        """Return what a code is called; what is none stands as it was written."""
        if name == "reason" and action in _LEAD_ENDS:
            return voiced(self._ends.get(code, code))
        if name in _FIELDS:
            return voiced(self._fields.get(code, code))
        labels = _CODES.get((action, name)) or _CODES.get(("", name))
        return (labels(code) or code) if labels else code


def members_in(entries: Iterable[Entry]) -> set[int]:
    """Return the members whom the details of these lines name by their ids."""
    return {each for entry in entries for each in _ids(entry.details, _MEMBERS)}


def called(name: str) -> str:
    """Return what a part of the details is called."""
    return said(DETAILS[name]) if name in DETAILS else spaced(name)


def spaced(name: str) -> str:
    """Return a name of the code as words, where there are none for it."""
    return name.replace("_", " ").replace("api ", "API ")


def _ids(details: Mapping[str, Any], names: Iterable[str]) -> set[int]:
    return {value for name in names if isinstance(value := details.get(name), int)}


def _among(codes: type[NotUseful] | type[Aside] | type[Role] | type[BuyingRole]) -> Callable[[str], str]:
    return lambda code: said(codes(code).label) if code in set(codes) else ""


def _kind(code: str) -> str:
    return said(KINDS[code].label) if code in KINDS else ""


def _day(code: str) -> str:
    try:
        return dated(date.fromisoformat(code), "j M Y")
    except ValueError:
        return ""


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
}
"""How codes become words, by the action and the name of the detail; for any action where none is named."""
