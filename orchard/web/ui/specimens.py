"""What the style page shows: one template per family of components, and invented people to fill them."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from orchard.kit.paging import Page


@dataclass(frozen=True, slots=True)
class Specimen:
    """A family of components; its template is both the example and the documentation."""

    name: str
    title: str

    @property
    def template(self) -> str:
        """Name the template."""
        return f"ui/style/{self.name}.html"


@dataclass(frozen=True, slots=True)
class Row:
    """An invented contact as a list shows it."""

    score: int
    tone: str
    name: str
    sub: str
    why: str
    pill: str = ""
    pill_tone: str = "neutral"
    talks: str = ""
    act: str = "Open"


ALL = (
    Specimen("buttons", "Buttons and acts"),
    Specimen("marks", "Pills, rings, meters"),
    Specimen("rows", "Rows"),
    Specimen("table", "Table"),
    Specimen("tools", "Long list with its tools"),
    Specimen("tree", "Table as a tree"),
    Specimen("board", "Board"),
    Specimen("lines", "Lines and notes"),
    Specimen("timeline", "Timeline"),
    Specimen("steps", "Steps, clocks, what can be logged"),
    Specimen("contract", "Contract"),
    Specimen("form", "Form"),
    Specimen("cells", "Cells of a rule"),
    Specimen("chips", "Chips"),
    Specimen("conditions", "Condition builder and picker"),
    Specimen("mentions", "Note that names a colleague"),
    Specimen("reasons", "Reasons"),
    Specimen("drop", "Files and their drop zone"),
    Specimen("ways", "Tabs, steps, filters"),
    Specimen("found", "Search field and what it finds"),
    Specimen("notices", "Bell and notices"),
    Specimen("charts", "Charts and figures"),
    Specimen("orchard", "Orchard"),
    Specimen("work", "Long work"),
    Specimen("dialog", "Dialog and toast"),
    Specimen("kept", "What was typed and not sent"),
    Specimen("corner", "Toasts, with undo and of what failed"),
    Specimen("confirm", "A question before something large"),
    Specimen("states", "Empty, failed, closed"),
)

STEPS = (_("File"), _("Columns"), _("Preview"), _("Import"))

WORK = 4  # steps of the invented long work

ROWS = (
    Row(
        86,
        "ripe",
        "Ingrid Halvorsen",
        "Head of packaging · Nordfoods AS",
        "Asked for a quote at PackExpo, four days ago",
        "2 h 10 left",
        "soon",
        "4th talk",
        "Call",
    ),
    Row(
        74,
        "ripe",
        "Tomasz Wrona",
        "Plant manager · Polkarton",
        "Read both case studies this week, third visit to prices",
        "accept by 16:30",
        "ok",
        "new lead",
        "Accept",
    ),
    Row(
        68,
        "ripening",
        "Claire Dubois",
        "Procurement · Maison Verte",
        "Her webinar question is now answered by “Short runs without waste”",
        "next step today",
        "ok",
        "6th talk",
        "Send",
    ),
    Row(
        38,
        "growing",
        "Owen Pritchard",
        "Owner · Pritchard & Sons",
        "Waiting 41 of at most 45 days; contract with a rival ends in March",
        "long term",
        "rot",
        "2nd talk",
        "Call",
    ),
    Row(
        57,
        "ripening",
        "Yuki Tanabe",
        "R&D · Kansai Film",
        "Opened the sample kit page from the letter you signed",
        talks="1st talk",
        act="Call",
    ),
    Row(
        71,
        "ripe",
        "Dieter Krämer",
        "Print buyer · Verlag Süd",
        "Out of office until today; you promised to call back",
        "a day late",
        "overdue",
        "3rd talk",
        "Call",
    ),
)

PAGE: Page[Row] = Page(rows=ROWS, next="later", previous="earlier")

LINES = (
    ("Asked for a quote", "25.0"),
    ("Visited our booth, 9 minutes", "24.3"),
    ("Our industry", "15.0"),
    ("Can decide", "14.0"),
    ("Read a case study", "7.7"),
)


class Invented(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("E-mail"), help_text=_("We write to this address and to no other."))
    country = forms.ChoiceField(
        label=_("Country"), choices=[("", "-"), ("CA", "Canada"), ("NO", "Norway")], required=False
    )
    since = forms.DateField(
        label=_("Customer since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    words = forms.CharField(
        label=_("In their words"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    role = forms.ChoiceField(
        label=_("Role"),
        widget=forms.RadioSelect,
        choices=[("sales", _("Sales")), ("marketing", _("Marketing"))],
    )
    may_sign = forms.BooleanField(label=_("May sign for this side"), required=False)
    file = forms.FileField(label=_("File"), required=False, help_text=_("CSV or XLSX, of any size."))


def filled_badly() -> Invented:
    """Return the form as it comes back with errors."""
    return Invented({"name": "Ingrid Halvorsen", "email": "ingrid@", "role": "sales", "may_sign": "on"})
