"""What the components of the style page show that need more than words: forms, conditions, finds, figures, toasts."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orchard.web.ui.conditions.box import Box
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
        **{f"drop_{name}": Dropped(auto_id=f"drop_{name}_%s") for name in ("idle", "over")},
        "drop_refused": Dropped({}, auto_id="drop_refused_%s"),
        "search_groups": _found(),
        "chart": _sheet("bars"),
        "stairs": _sheet("stairs"),
        "toasts": [
            Message(constants.SUCCESS, "The call is logged.", extra_tags=f"{UNDO}{reverse('ui:theme')}"),
            Message(constants.SUCCESS, "Saved."),
            Message(constants.ERROR, "The mail server does not answer."),
        ],
    }


def _boxes() -> list[Box]:
    sorts = [("stage", "Stage"), ("score", "Score"), ("any", "any of these")]
    stages = [("engaged", "engaged"), ("qualified", "qualified")]
    stage = Box("s1", "", "stage", sorts, chosen=["engaged"], choices=stages)
    wrong = Box("s2", "", "stage", sorts, choices=stages, wrong={"stage": ["Choose one stage or more."]})
    inner = Box("s3.0", "any.0", "stage", sorts, chosen=["engaged", "qualified"], choices=stages)
    places = [("CA", "Canada"), ("NO", "Norway"), ("Kurland", "Kurland (not in the list)")]
    more = [(name, name) for name in ("Denmark", "Estonia", "Finland", "Iceland", "Latvia", "Sweden")]
    picks = Box(
        "s6",
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
    group = Box("s3", "", "any", sorts, children=[inner, Box("s3.1", "any.1")])
    return [stage, wrong, picks, group, Box("s4", "", "raw", raw="did: [visit.ended]"), Box("s5", "")]


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


def _sheet(picture: str) -> SimpleNamespace:
    def line(words: str, number: int) -> SimpleNamespace:
        cells = [_cell(words, number=False), _cell(str(number))]
        block = SimpleNamespace(begins=0, length=number, across=0, breadth=100, tone="tone-1")
        return SimpleNamespace(cells=cells, blocks=[block], narrow="")

    return SimpleNamespace(
        name="groups",
        title="Leads that were accepted" if picture == "bars" else "Leads by member",
        picture=picture,
        heads=[
            (SimpleNamespace(label="Member", kind="text"), ""),
            (SimpleNamespace(label="Given", kind="n"), ""),
        ],
        lines=[line("Lars Berg", 90), line("Mei Tanabe", 45), line("Nobody yet", 0)],
        series=[
            SimpleNamespace(label="Given", tone="tone-1"),
            SimpleNamespace(label="Accepted", tone="tone-2"),
        ],
        total=None,
        says=(),
    )


def _cell(text: str, *, number: bool = True) -> SimpleNamespace:
    return SimpleNamespace(text=text, label="Given", href="", sub="", number=number)
