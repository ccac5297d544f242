"""Draw the values of an agreement as the rows of a form, each mistake beside the field that it is about."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from orchard.agreement.queries import Takers, usual_stages
from orchard.agreement.types import Mistake
from orchard.engine.types import CONTACTS, FACTS, Catalogue
from orchard.interactions.types import KINDS
from orchard.kit import clock, numbers
from orchard.kit.words import voiced
from orchard.web.together.form.goals import AMOUNT, parted, quarters, tender
from orchard.web.together.form.parts import Cell, Kinds, Row, Sheet
from orchard.web.ui.conditions import Box, Errors, box_of
from orchard.web.ui.conditions.box import Choice, picked, strangers


def sheet_of(
    values: Mapping[str, Any], catalogue: Catalogue, takers: Takers, mistakes: Sequence[Mistake] = ()
) -> Sheet:
    """Return the form of `values`, right or wrong; `mistakes` go to the fields that their paths name.

    `takers` are offered where a lead may go to a team or a member.
    """
    errors: dict[str, list[str]] = defaultdict(list)
    for mistake in mistakes:
        errors[mistake.path].append(mistake.sentence)
    return _Drawing(values, catalogue, takers, errors).sheet()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return numbers.shown(int(value) if isinstance(value, float) and value.is_integer() else value)


def _percent(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return _shown(round(value * 100, 4) if is_number else value)


class _Drawing:
    def __init__(
        self,
        values: Mapping[str, Any],
        catalogue: Catalogue,
        takers: Takers,
        errors: dict[str, list[str]],
    ) -> None:
        self._values, self._takers = values, takers
        self._catalogue = catalogue
        self._errors = errors

    def sheet(self) -> Sheet:
        score = _mapping(self._values.get("score"))
        handoff = dict(_mapping(self._values.get("handoff")))
        own = {key: handoff.pop(key, None) for key in ("never", "at_account", "fresh_days")}
        return Sheet(
            name=self._cell("name", "name", _("Name"), self._values, kind="text"),
            fit=[
                self._fit(at, path, rule)
                for at, path, rule in self._rows("fit", "score.fit", score.get("fit"))
            ],
            engagement=[
                self._engagement(at, path, rule)
                for at, path, rule in self._rows("engagement", "score.engagement", score.get("engagement"))
            ],
            handoff=self._box(handoff or None, "handoff.when", "handoff", self._handoff_errors()),
            never=self._box(own["never"], "handoff.never", "handoff.never"),
            handoff_cells=self._handoff(own),
            **self._promised(),
            routing=[
                self._route(*row) for row in self._rows("routing", "routing", self._values.get("routing"))
            ],
            returns=[
                self._return(*row) for row in self._rows("returns", "returns", self._values.get("returns"))
            ],
            rot=self._rot(),
            attention=self._attention(),
            goals=[self._goal(*row) for row in self._rows("goals", "goals", self._values.get("goals"))],
            stages=self._stages(),
            errors=self._errors,
        )

    def _under(self, path: str) -> tuple[str, ...]:
        return tuple(
            sentence
            for place, sentences in self._errors.items()
            if place == path or place.startswith((f"{path}.", f"{path}["))
            for sentence in sentences
        )

    def _cell(self, at: str, path: str, label: str, values: Mapping[str, Any], **more: Any) -> Cell:
        key = at.rpartition(".")[2]
        shown = more.pop("shown", _shown)
        return Cell(at, label, shown(values.get(key)), errors=self._under(path), path=path, **more)

    def _rows(self, at: str, path: str, rows: Any) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for place, row in enumerate(rows if isinstance(rows, list | tuple) else ()):
            yield f"{at}.{place}", f"{path}[{place}]", _mapping(row)

    def _box(
        self, values: Any, at: str, path: str, errors: Errors | None = None, table: str = CONTACTS
    ) -> Box:
        return box_of(values, at, self._catalogue, path=path, errors=errors or self._errors, table=table)

    def _handoff_errors(self) -> Errors:
        own = ("handoff.never", "handoff.at_account", "handoff.fresh_days")
        return {path: found for path, found in self._errors.items() if not path.startswith(own)}

    def _fit(self, at: str, path: str, rule: Mapping[str, Any]) -> Row:
        cells = {
            "name": self._cell(f"{at}.name", f"{path}.name", _("Name"), rule, kind="text"),
            "points": self._cell(f"{at}.points", f"{path}.points", _("Points"), rule),
        }
        when = self._box(rule.get("when"), f"{at}.when", f"{path}.when")
        return Row(at, path, cells, self._errors.get(path, []), when)

    def _engagement(self, at: str, path: str, rule: Mapping[str, Any]) -> Row:
        cells = {"name": self._cell(f"{at}.name", f"{path}.name", _("Name"), rule, kind="text")}
        for name, label, unit in (
            ("points", _("Points"), ""),
            ("half_life_days", _("Halved after"), _("days")),
            ("cap", _("Together at most"), ""),
        ):
            cells[name] = self._cell(f"{at}.{name}", f"{path}.{name}", label, rule, unit=unit)
        kinds = rule.get("kinds") or []
        chosen = [str(kind) for kind in (kinds if isinstance(kinds, list | tuple) else [kinds])]
        known = [(kind.name, voiced(kind.label)) for kind in KINDS.values() if kind.scores]
        where = self._box(rule.get("where"), f"{at}.where", f"{path}.where", table=FACTS)
        strange = strangers(dict(known), chosen)
        found = Kinds(chosen, picked(known, chosen), self._under(f"{path}.kinds"), strange)
        return Row(at, path, cells, self._errors.get(path, []), where, found)

    def _handoff(self, own: Mapping[str, Any]) -> list[Cell]:
        joins = (("join", _("joins the open lead")), ("separate", _("is a lead of their own")))
        own = {"at_account": own["at_account"] or "join", "fresh_days": own["fresh_days"] or 14}
        at = "handoff.at_account"
        return [
            self._cell(at, at, _("A ripe colleague of an open lead"), own, kind="select", choices=joins),
            self._cell(
                "handoff.fresh_days",
                "handoff.fresh_days",
                _("What they did is fresh for"),
                own,
                unit=_("days"),
            ),
        ]

    def _promised(self) -> dict[str, Any]:
        promises = _mapping(self._values.get("promises"))
        sales, marketing = _mapping(promises.get("sales")), _mapping(promises.get("marketing"))
        calendar = _mapping(promises.get("calendar"))
        days = calendar.get("days", ["mon", "tue", "wed", "thu", "fri"])
        opens, _dash, closes = str(calendar.get("hours", "09:00-17:30")).partition("-")
        hours, attempts, of_days = _("working hours"), _("attempts"), _("days")
        path = "promises.sales."
        wrong = self._under("promises.calendar.hours")
        return {
            "calendar_wrong": self._under("promises.calendar.days"),
            "calendar_days": [(day, words, day in days) for day, words in _week()],
            "calendar": [
                Cell(
                    "calendar.opens",
                    _("Opens"),
                    opens,
                    kind="short",
                    errors=wrong,
                    path="promises.calendar.hours",
                ),
                Cell("calendar.closes", _("Closes"), closes, kind="short"),
            ],
            "sales": [
                self._cell(f"sales.{name}", path + name, label, sales, unit=unit, optional=place > 0)
                for place, (name, label, unit) in enumerate(
                    (
                        ("accept_within_hours", _("Accept or return within"), hours),
                        ("first_attempt_within_hours", _("Try to reach within"), hours),
                        ("attempts_before_no_answer", _("Not give up before"), attempts),
                    )
                )
            ],
            "marketing": [
                self._cell(
                    f"marketing.{name}", f"promises.marketing.{name}", label, marketing, unit=unit, **more
                )
                for name, label, unit, more in (
                    ("ripe_per_month", _("Hand over each month"), _("ripe contacts"), {}),
                    (
                        "answer_question_within_days",
                        _("Answer a question within"),
                        of_days,
                        {"optional": True},
                    ),
                    (
                        "clock_show_follow_up_within_hours",
                        _("Follow up a show within"),
                        _("hours"),
                        {"optional": True},
                    ),
                    (
                        "leads_with_phone_share",
                        _("Leads with a phone number"),
                        "%",
                        {"optional": True, "shown": _percent},
                    ),
                )
            ],
        }

    def _route(self, at: str, path: str, route: Mapping[str, Any]) -> Row:
        to = route.get("to")
        chosen = next(iter(to), "") if isinstance(to, Mapping) else str(to or "")
        inner = _mapping(to)
        goals = (
            ("who_met_them", _("whoever met them")),
            ("account_owner", _("the account's owner")),
            ("territory", _("the territory of their country")),
            ("team", _("a team")),
            ("member", _("a member")),
        )
        cells = {
            "to": Cell(
                f"{at}.to",
                _("Goes to"),
                chosen,
                kind="select",
                choices=goals,
                errors=tuple(self._errors.get(f"{path}.to", ())),
                path=f"{path}.to",
            ),
            "team": self._taker(f"{at}.team", f"{path}.to.team", _("Team"), inner, self._takers.teams),
            "member": self._taker(
                f"{at}.member", f"{path}.to.member", _("Member"), inner, self._takers.members
            ),
            "turn": Cell(f"{at}.turn", _("by turn"), kind="check", checked=route.get("by") == "turn"),
        }
        when = self._box(route.get("when"), f"{at}.when", f"{path}.when")
        return Row(at, path, cells, self._errors.get(path, []), when)

    def _taker(
        self, at: str, path: str, label: str, inner: Mapping[str, Any], known: Sequence[Choice]
    ) -> Cell:
        """Return the choice of a team or member; whom nobody knows (any more) stays as it is written."""
        named = _shown(inner.get(at.rpartition(".")[2]))
        unknown = () if named in dict(known) else ((named, named or _("choose …")),)
        return self._cell(at, path, label, inner, kind="select", choices=(*unknown, *known))

    def _return(self, at: str, path: str, reason: Mapping[str, Any]) -> Row:
        then = "disqualifies" if reason.get("disqualifies") else "rests"
        ways = (("rests", _("rests, then may come again")), ("disqualifies", _("ends it")))
        cells = {
            "label": self._cell(f"{at}.label", f"{path}.label", _("What Sales says"), reason, kind="wide"),
            "reason": self._cell(f"{at}.reason", f"{path}.reason", _("Short name"), reason, kind="text"),
            "then": Cell(f"{at}.then", _("The contact"), then, kind="select", choices=ways),
            "eligible_after_days": self._cell(
                f"{at}.eligible_after_days",
                f"{path}.eligible_after_days",
                _("rests for"),
                reason,
                unit=_("days"),
            ),
            "ask": Cell(
                f"{at}.ask", _("asks when to come again"), kind="check", checked=bool(reason.get("ask"))
            ),
            "needs": Cell(
                f"{at}.needs",
                _("needs the promised attempts"),
                kind="check",
                checked=bool(reason.get("needs")),
                errors=self._under(f"{path}.needs"),
                path=f"{path}.needs",
            ),
        }
        return Row(at, path, cells, self._errors.get(path, []))

    def _rot(self) -> list[Cell]:
        rot, days = _mapping(self._values.get("rot")), _("days")
        return [
            self._cell(f"rot.{name}", f"rot.{name}", label, rot, unit=days, optional=True)
            for name, label in (
                ("contact_days", _("A contact rots after")),
                ("lead_days", _("An accepted lead rots after")),
                ("longest_plan_days", _("A next step holds it off for at most")),
            )
        ]

    def _attention(self) -> list[Cell]:
        attention = _mapping(self._values.get("attention"))
        share, wait = "attention.long_term_share", "attention.longest_wait_days"
        return [
            self._cell(
                share,
                share,
                _("Of each list for the long term"),
                attention,
                unit="%",
                optional=True,
                shown=_percent,
            ),
            self._cell(wait, wait, _("Nobody waits longer than"), attention, unit=_("days"), optional=True),
        ]

    def _goal(self, at: str, path: str, goal: Mapping[str, Any]) -> Row:
        measures = (
            (AMOUNT, _("amount won")),
            ("won", _("new customers")),
            ("qualified", _("ripe contacts")),
            ("accepted", _("accepted leads")),
        )
        is_amount = goal.get("measure") == AMOUNT
        number, currency = parted(goal.get("target"), is_amount=is_amount)
        quarter = _shown(goal.get("quarter"))
        cells = {
            "quarter": self._cell(
                f"{at}.quarter",
                f"{path}.quarter",
                _("Quarter"),
                goal,
                kind="select",
                choices=quarters(timezone.localdate(clock.now()), quarter),
            ),
            "measure": self._cell(
                f"{at}.measure", f"{path}.measure", _("Measure"), goal, kind="select", choices=measures
            ),
            "target": Cell(
                f"{at}.target",
                _("Target"),
                number,
                kind="figure",
                errors=self._under(f"{path}.target"),
                path=f"{path}.target",
            ),
        }
        if is_amount:
            cells["currency"] = Cell(
                f"{at}.currency",
                _("Currency"),
                currency,
                kind="select",
                choices=tender(currency),
                errors=self._under(f"{path}.currency"),
                path=f"{path}.currency",
            )
        return Row(at, path, cells, self._errors.get(path, []))

    def _stages(self) -> list[Cell]:
        stages = _mapping(self._values.get("stages"))
        return [
            self._cell(f"stages.{name}", f"stages.{name}", words, stages, kind="text", optional=True)
            for name, words in usual_stages().items()
        ]


def _week() -> tuple[Choice, ...]:
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return tuple(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), names, strict=True))
