"""What the components of the style page show that need more than words: forms, conditions, finds, figures, toasts."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orchard.kit.clock import now
from orchard.web.ui.conditions.box import Box
from orchard.web.ui.invented import drawn, listed, told
from orchard.web.ui.toasts import UNDO


class Chips(forms.Form):
    """One of several, each a tap away."""

    happened = forms.ChoiceField(
        label=_("What happened"),
        widget=forms.RadioSelect,
        choices=[
            ("reached", _("Call, reached")),
            ("no_answer", _("Call, no answer")),
            ("mail", _("Mail written")),
        ],
    )


class Dropped(forms.Form):
    """Files, and what belongs to them."""

    chosen = forms.FileField(label=_("Files"))
    words = forms.CharField(label=_("In words"), required=False)


def shown() -> dict[str, Any]:
    """Return the invented things by the names under which the specimens take them."""
    return {
        "chips": Chips(auto_id="chips_%s", initial={"happened": "reached"}),
        "chips_refused": Chips({}, auto_id="chips_refused_%s"),
        "boxes": _boxes(),
        "drops": _drops(),
        "search_groups": _found(),
        "toasts": [
            Message(constants.SUCCESS, "The call is logged.", extra_tags=f"{UNDO}{reverse('ui:theme')}"),
            Message(constants.SUCCESS, "Saved."),
            Message(constants.ERROR, "The mail server does not answer."),
        ],
        **drawn.shown(),
        **listed.shown(),
        **told.shown(),
    }


def _drops() -> dict[str, SimpleNamespace]:
    """Return the files of a record and the form for more: nothing yet, some, and what is refused."""

    def block(name: str, form: Dropped, files: Sequence[SimpleNamespace] = ()) -> SimpleNamespace:
        return SimpleNamespace(form=form, url=f"#{name}", rows=files[:2], files=files, removes=True)

    def file(name: str, icon: str, media: str, words: str = "") -> SimpleNamespace:
        return SimpleNamespace(
            id=0,
            name=name,
            icon=icon,
            media=media,
            ending=name.rpartition(".")[2].upper(),
            size=184_320,
            member="Nora Lind",
            member_id=0,
            added_at=now(),
            words=words,
        )

    files = [
        file("offer-2026-11.pdf", "file-text", "application/pdf", "Two lines, as she asked at the booth."),
        file("card.jpg", "image", "image/jpeg"),
        file("sizes.xlsx", "paperclip", ""),
    ]
    forms_of = {name: Dropped(auto_id=f"drop_{name}_%s") for name in ("none", "some", "over", "busy")}
    return {
        **{name: block(name, form, files if name == "some" else ()) for name, form in forms_of.items()},
        "refused": block("refused", Dropped({}, auto_id="drop_refused_%s")),
    }


def _boxes() -> list[Box]:
    sorts = [("stage", "Stage"), ("score", "Score"), ("any", "any of these")]
    stages = [("engaged", "engaged"), ("qualified", "qualified")]
    stage = Box("s1", "", "stage", sorts, chosen=["engaged"], choices=stages)
    wrong = Box("s2", "", "stage", sorts, choices=stages, wrong={"stage": ["Choose one stage or more."]})
    inner = Box("s3.0", "any.0", "stage", sorts, chosen=["engaged", "qualified"], choices=stages)
    group = Box("s3", "", "any", sorts, children=[inner, Box("s3.1", "any.1")])
    raw = Box("s4", "", "raw", raw="did: [visit.ended]")
    return [stage, wrong, _picks(sorts), group, raw, Box("s5", ""), *_every_sort()]


def _picks(sorts: list[tuple[str, str]]) -> Box:
    places = [("CA", "Canada"), ("NO", "Norway"), ("Kurland", "Kurland (not in the list)")]
    more = [(name, name) for name in ("Denmark", "Estonia", "Finland", "Iceland", "Latvia", "Sweden")]
    return Box(
        "s14",
        "",
        "field",
        [("field", "field"), *sorts],
        groups=[("Contact", [("contact.country", "Country")])],
        name="contact.country",
        operator="in",
        operators=[("in", "is one of")],
        chosen=[value for value, _label in places],
        choices=[*places, *more],
        strange=frozenset({"Kurland"}),
        picks=True,
        others=True,
    )


def _every_sort() -> list[Box]:
    """Return a row of each other sort, and of each way in which a value is given."""
    sorts = [(each, each) for each in ("field", "did", "score", "segment", "not")]
    operators = [(each, each) for each in ("is", "in", "between", "empty")]
    groups = [("Contact", [("country", "Country"), ("staff", "Employees"), ("since", "Customer since")])]

    def field(at: str, name: str, operator: str, **more: Any) -> Box:
        return Box(
            at, "", "field", sorts, groups=groups, name=name, operator=operator, operators=operators, **more
        )

    kinds = [("form.submitted", "Form submitted"), ("show.visited", "Show visited")]
    where = Box(
        "s11.where", "where", "field", sorts[:1], groups=groups, name="country", operator="is", value="NO"
    )
    where.operators = operators
    return [
        field("s6", "country", "is", value="NO", choices=[("NO", "Norway"), ("CA", "Canada")]),
        field("s7", "country", "in", chosen=["NO", "CA"], choices=[("NO", "Norway"), ("CA", "Canada")]),
        field(
            "s8", "staff", "between", kind="number", value="50", high="5", wrong={"high": ["At least 50."]}
        ),
        field("s9", "since", "empty", value="false"),
        Box(
            "s10",
            "",
            "did",
            sorts,
            choices=kinds,
            window="within",
            days="x",
            wrong={"days": ["A whole number."]},
        ),
        Box(
            "s11",
            "",
            "did",
            sorts,
            chosen=["show.visited"],
            choices=kinds,
            at_least="2",
            where_offered=True,
            where=where,
        ),
        Box(
            "s12",
            "",
            "score",
            sorts,
            choices=[("total", "Score")],
            value="total",
            at_least="50",
            movable=True,
        ),
        Box(
            "s13",
            "",
            "segment",
            sorts,
            choices=[("7", "Packers in the north")],
            errors=["It was archived."],
            alone=True,
        ),
    ]


def _found() -> list[SimpleNamespace]:
    def line(name: str, details: str, *, is_typo: bool = False) -> SimpleNamespace:
        return SimpleNamespace(
            name=name, details=details, is_typo=is_typo, by_post=False, href="#found", icon=""
        )

    people = [line("Nora Lind", "Buyer · Nordfoods AS"), line("Norra Holm", "Owner", is_typo=True)]
    accounts = [line("Nordfoods AS", "Oslo")]
    return [
        SimpleNamespace(name="people", label="People", icon="user", lines=people),
        SimpleNamespace(name="accounts", label="Accounts", icon="building-2", lines=accounts),
    ]
