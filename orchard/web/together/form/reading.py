"""Read the posted form of the agreement back as the values of its document, doing the one act that was pressed."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from orchard.engine.types import CONTACTS, FACTS, Catalogue
from orchard.kit import clock
from orchard.web.together.form.goals import AMOUNT, coming_quarter, joined
from orchard.web.ui.conditions import read_condition
from orchard.web.ui.conditions.reading import first_leaf, grouped_number, moved

Values = dict[str, Any]
MOST_ROWS = 500
_CODE_LENGTH = 40


def read_form(post: QueryDict, catalogue: Catalogue) -> Values:
    """Return the values that the form holds, typed where they can be, as typed by hand where they cannot."""
    return _Form(post, catalogue).document()


class _Form:
    def __init__(self, post: QueryDict, catalogue: Catalogue) -> None:
        self._post = post
        self._catalogue = catalogue
        self._act = str(post.get("act", ""))

    def document(self) -> Values:
        stages = {
            name.removeprefix("stages."): self._text(name)
            for name in self._post
            if name.startswith("stages.")
        }
        made: Values = _given(
            {
                "name": self._text("name"),
                "stages": {stage: label for stage, label in stages.items() if label},
                "score": {
                    "fit": self._rows(
                        "fit", self._fit, lambda: {"name": "", "when": self._leaf(), "points": 10}
                    ),
                    "engagement": self._rows("engagement", self._engagement, _new_engagement),
                },
                "handoff": self._handoff(),
                "promises": self._promises(),
                "routing": self._rows(
                    "routing", self._route, lambda: {"when": self._leaf(), "to": "who_met_them"}
                ),
                "returns": self._rows("returns", self._return, _new_return),
                "rot": self._numbers("rot", ("contact_days", "lead_days", "longest_plan_days")),
                "attention": self._attention(),
                "goals": self._rows("goals", self._goal, _new_goal),
            }
        )
        made.setdefault("name", "")
        made.setdefault("returns", [])
        return made

    def _text(self, name: str) -> str:
        return str(self._post.get(name, "")).strip()

    def _leaf(self) -> Values:
        return first_leaf(self._catalogue, CONTACTS)

    def _condition(self, at: str, table: str = CONTACTS) -> Any:
        return read_condition(self._post, at, self._catalogue, table)

    def _numbers(self, at: str, names: tuple[str, ...]) -> Values:
        found = {name: grouped_number(self._text(f"{at}.{name}")) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def _rows(self, section: str, one: Callable[[str], Values], new: Callable[[], Values]) -> list[Values]:
        """Return the rows of a section, one of them added, removed or moved where that was pressed."""
        rows: list[Values | None] = []
        while f"{section}.{len(rows)}.row" in self._post and len(rows) < MOST_ROWS:
            at = f"{section}.{len(rows)}"
            rows.append(None if self._act == f"{at}!remove" else one(at))
        kept = [_known(row) for row in moved(rows, section, self._act) if row is not None]
        return [*kept, new()] if self._act == f"{section}!add" else kept

    def _fit(self, at: str) -> Values:
        points = grouped_number(self._text(f"{at}.points"))
        return {"name": self._text(f"{at}.name"), "when": self._condition(f"{at}.when"), "points": points}

    def _engagement(self, at: str) -> Values:
        return {
            "name": self._text(f"{at}.name"),
            "kinds": self._post.getlist(f"{at}.kinds"),
            "where": self._condition(f"{at}.where", FACTS),
            **self._numbers(at, ("points", "half_life_days", "cap")),
        }

    def _handoff(self) -> Values:
        when = self._condition("handoff.when")
        return {
            **(when if isinstance(when, dict) else {}),
            **_given(
                {
                    "never": self._condition("handoff.never"),
                    "at_account": self._text("handoff.at_account"),
                    "fresh_days": grouped_number(self._text("handoff.fresh_days")),
                }
            ),
        }

    def _promises(self) -> Values:
        opens, closes = self._text("calendar.opens"), self._text("calendar.closes")
        marketing = ("ripe_per_month", "answer_question_within_days", "clock_show_follow_up_within_hours")
        made = self._numbers("marketing", marketing)
        if (share := _share(self._text("marketing.leads_with_phone_share"))) is not None:
            made["leads_with_phone_share"] = share
        sales = ("accept_within_hours", "first_attempt_within_hours", "attempts_before_no_answer")
        return {
            "calendar": {"days": self._post.getlist("calendar.days"), "hours": f"{opens[:5]}-{closes[:5]}"},
            "sales": self._numbers("sales", sales),
            "marketing": made,
        }

    def _route(self, at: str) -> Values:
        to, team, member = (self._text(f"{at}.{name}") for name in ("to", "team", "member"))
        target: Any = {"team": team} if to == "team" else {"member": member} if to == "member" else to
        by = "turn" if to == "team" and f"{at}.turn" in self._post else None
        return {"when": self._condition(f"{at}.when"), "to": target, "by": by}

    def _return(self, at: str) -> Values:
        ends, label = self._text(f"{at}.then") == "disqualifies", self._text(f"{at}.label")
        return {
            "reason": self._text(f"{at}.reason") or _code_of(label),
            "label": label,
            "ask": "wake_on" if f"{at}.ask" in self._post else None,
            "needs": "attempts_before_no_answer" if f"{at}.needs" in self._post else None,
            "eligible_after_days": None if ends else grouped_number(self._text(f"{at}.eligible_after_days")),
            "disqualifies": True if ends else None,
        }

    def _attention(self) -> Values:
        made = self._numbers("attention", ("longest_wait_days",))
        share = _share(self._text("attention.long_term_share"))
        return made if share is None else {"long_term_share": share, **made}

    def _goal(self, at: str) -> Values:
        is_amount, currency = self._text(f"{at}.measure") == AMOUNT, self._text(f"{at}.currency")
        if is_amount and f"{at}.currency" not in self._post:  # the measure was a count until now
            others = (name for name in self._post if name.startswith("goals.") and name.endswith(".currency"))
            currency = next((code for code in map(self._text, others) if code), "")
        target = joined(self._text(f"{at}.target"), currency, is_amount=is_amount)
        return {
            "quarter": self._text(f"{at}.quarter"),
            "measure": self._text(f"{at}.measure"),
            "target": target,
        }


def _new_engagement() -> Values:
    return {"name": "", "kinds": [], "points": 10, "half_life_days": 60, "cap": 20}


def _new_goal() -> Values:
    today = timezone.localdate(clock.now())
    return {"quarter": coming_quarter(today), "measure": "won", "target": ""}


def _new_return() -> Values:
    return {"reason": "", "label": "", "eligible_after_days": 60}


def _code_of(label: str) -> str:
    """Return the short name that a reason gets by what Sales says, where nobody gave it one."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).lstrip("_0123456789")[:_CODE_LENGTH].rstrip("_")


def _share(text: str) -> Any:
    """Return a share typed in percent as a number from 0 to 1; what is no number stays as typed."""
    percent = grouped_number(text.removesuffix("%"))
    if isinstance(percent, int | float):
        return round(percent / 100, 6)
    return percent


def _given(values: Values) -> Values:
    """Leave out what was left empty."""
    return {key: value for key, value in values.items() if value is not None and value not in ("", [], {})}


def _known(row: Values) -> Values:
    """Leave out of a row what it does not say; what was left empty stays, for the grammar to ask for it."""
    return {key: value for key, value in row.items() if value is not None}
