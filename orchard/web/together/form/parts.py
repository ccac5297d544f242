"""What the form of an agreement is made of: its fields, its rows, and the whole of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchard.web.ui.conditions import Box
from orchard.web.ui.conditions.box import Choice, Picks


@dataclass(frozen=True, slots=True)
class Cell:
    """One field: the name it posts, its word, its value, the unit behind it, and what is wrong with it.

    `path` is its place in the document, empty where no mistake can be about it.
    """

    name: str
    label: str
    value: str = ""
    unit: str = ""
    errors: tuple[str, ...] = ()
    kind: str = "number"
    choices: tuple[Choice, ...] = ()
    optional: bool = False
    checked: bool = False
    path: str = ""
    hint: str = ""

    @property
    def html_id(self) -> str:
        """The id of the field."""
        return "f-" + self.name.replace(".", "-")


@dataclass(slots=True)
class Row:
    """One rule, route, reason or goal."""

    at: str
    path: str
    cells: dict[str, Cell]
    errors: list[str] = field(default_factory=list)
    when: Box | None = None
    kinds: "Kinds | None" = None

    @property
    def html_id(self) -> str:
        """The id of the row, by which its own mistakes are found."""
        return "r-" + self.at.replace(".", "-")

    @property
    def kinds_id(self) -> str:
        """The id of the field with the kinds of interactions."""
        return f"{self.at.replace('.', '')}-kinds"


@dataclass(frozen=True, slots=True)
class Kinds(Picks):
    """The kinds that a rule of engagement names."""

    chosen: list[str]
    choices: list[Choice]
    errors: tuple[str, ...]
    strange: frozenset[str]


@dataclass(slots=True)
class Sheet:
    """The whole form."""

    name: Cell
    fit: list[Row]
    engagement: list[Row]
    handoff: Box
    never: Box
    handoff_cells: list[Cell]
    calendar_days: list[tuple[str, str, bool]]
    calendar_wrong: tuple[str, ...]
    calendar: list[Cell]
    sales: list[Cell]
    marketing: list[Cell]
    routing: list[Row]
    returns: list[Row]
    rot: list[Cell]
    attention: list[Cell]
    goals: list[Row]
    stages: list[Cell]
    errors: Mapping[str, list[str]]
