"""What the style page tells: steps and clocks, where a lead is, what can be logged, the steps of a program, a note."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orchard.kit.clock import now
from orchard.tasks.types import Happened, What
from orchard.web.sales.step_forms import LogForm
from orchard.web.together.form.parts import Cell


class Note(forms.Form):
    """Words in which a colleague can be named."""

    words = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}))


class GivenBack(forms.Form):
    """Why a lead comes back."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    wake_on = forms.DateField(label="Wake on", required=False, initial=date(2027, 1, 11))
    note = forms.CharField(label=_("Note"), required=False)


def shown() -> dict[str, Any]:
    """Return what is told by the names under which the specimens take it."""
    return {
        "log": _log(steps=True),
        "clocks": _clocks(),
        "soon": now() + timedelta(hours=4),
        "hand_offs": _hand_offs(),
        "way": _way(),
        "note": Note(auto_id="note_shown_%s", initial={"words": "@No"}),
        "note_refused": Note({}, auto_id="note_refused_%s"),
        "handles": ["Nora Lind", "Norra Holm"],
        "given_back": GivenBack(auto_id="back_%s"),
        "reasons": _reasons(),
        "cells": _cells(),
        "row_wrong": SimpleNamespace(at="fit.0", html_id="row-fit-0", errors=["A rule needs a name."]),
        "story_told": SimpleNamespace(week=41, weeks=78),
    }


def step(today: date, days: int, *, what: What = What.CALL, place: str = "") -> SimpleNamespace:
    """Return a step that is due so many days from today."""
    begins = now() + timedelta(days=days) if what == What.MEETING else None
    return SimpleNamespace(
        id=0,
        what=what,
        words=what.label,
        due_on=today + timedelta(days=days),
        starts_at=begins,
        ends_at=begins and begins + timedelta(minutes=30),
        place=place,
        member="Nora Lind",
        member_id=0,
        made_by=0,
    )


def _log(*, steps: bool) -> SimpleNamespace:
    today = now().date()
    open_ = [
        step(today, -1),
        step(today, 0, what=What.TODO),
        step(today, 3, what=What.MEETING, place="Bergen, their plant"),
    ]
    return SimpleNamespace(
        form=LogForm(today=today, steps=[], chosen=None, auto_id="log_%s"),
        url="#log-shown",
        plan_url="#log-shown",
        panel="",
        steps=open_ if steps else [],
        today=today,
        just=[("Call, reached", SimpleNamespace(id=0, at=now(), happened=Happened.REACHED))],
    )


def _clocks() -> list[SimpleNamespace]:
    """Return leads by the clock that runs out next, near and far."""
    near, far = now() + timedelta(hours=1), now() + timedelta(days=9)
    clocks = ("due_at", "attempt_due_at", "rots_at")
    return [SimpleNamespace(**{**dict.fromkeys(clocks), clock: at}) for clock in clocks for at in (far, near)]


def _hand_offs() -> list[SimpleNamespace]:
    """Return leads by where they are."""
    places = [("waiting", True, False), ("waiting", True, True)]
    places += [(state, False, False) for state in ("offered", "accepted", "escalated")]
    return [
        SimpleNamespace(id=0, state=state, waits=waits, stale=stale, member_id=0)
        for state, waits, stale in places
    ]


def _way() -> list[SimpleNamespace]:
    steps = [
        ("1", 0, "mail", "send the guide to short runs", "guide"),
        ("2", 0, "clock", "wait for 5 days", ""),
        ("", 0, "", "if it was read", ""),
        ("3.1", 1, "phone", "ask Sales to call", "call"),
    ]
    names = ("place", "depth", "icon", "words", "name")
    return [SimpleNamespace(**dict(zip(names, each, strict=True))) for each in steps]


def _reasons() -> list[tuple[SimpleNamespace, str, bool]]:
    said = [
        ("not_now", "Not now", "Rests for 60 days, then you get it again.", "", True),
        ("wrong_fit", "Wrong fit", "Ends for good.", "", False),
        ("unreachable", "No answer", "After 6 attempts; there were 2.", "attempts", False),
    ]
    return [
        (SimpleNamespace(reason=reason, label=label, missing=missing), words, chosen)
        for reason, label, words, missing, chosen in said
    ]


def _cells() -> list[Cell]:
    return [
        Cell("shown.points", "Points", "15", "points"),
        Cell("shown.days", "Half-life", "x", "days", errors=("A whole number of days.",)),
        Cell("shown.name", "Called", "", kind="text", hint="Our industries"),
        Cell(
            "shown.side",
            "Side",
            "sales",
            kind="select",
            choices=(("sales", "Sales"), ("marketing", "Marketing")),
        ),
        Cell("shown.asks", "Ask for a day", kind="check", checked=True),
    ]
