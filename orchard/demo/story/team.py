"""Who works in the demo company: five who can be met in both sizes, and a dozen sellers in three teams in the large."""

from orchard.demo.types import Habits, Seller, Size
from orchard.team.types import Place, Role, Side

# One who is quick and keeps what is promised, and one who is slower, gives up sooner, and closes well what is ripe.
_KEEPER = Habits(0.96, (5, 70), 0.93, 0.46, 0.985, 0.99, 0.92, 0.17)
_HUNTER = Habits(0.80, (60, 330), 0.58, 0.60, 0.95, 0.955, 0.74, 0.28)
_STEADY = Habits(0.92, (20, 160), 0.82, 0.50, 0.975, 0.98, 0.86, 0.2)
_NEW = Habits(0.87, (30, 200), 0.70, 0.38, 0.96, 0.96, 0.8, 0.13)

OFFICE = (
    ("admin@demo.example", "Ada Quist", Place(Role.ADMIN)),
    ("manager@demo.example", "Nora Lind", Place(Role.MANAGER, frozenset({Side.SALES}))),
    ("marketing@demo.example", "Sam Okafor", Place(Role.MARKETING, frozenset({Side.MARKETING}))),
)
ADMIN, MANAGER, MARKETING = (each[0] for each in OFFICE)

_SMALL = (
    Seller("sales@demo.example", "Lars Berg", "", 40, _KEEPER),
    Seller("sales2@demo.example", "Mei Tanabe", "", 40, _HUNTER),
)
_HOME, _WEST, _FAR = "Central Europe", "West and South", "Overseas and North"
_LARGE = (
    Seller("sales@demo.example", "Lars Berg", _HOME, 35, _KEEPER),
    Seller("sales2@demo.example", "Mei Tanabe", _FAR, 35, _HUNTER),
    Seller("sales3@demo.example", "Petra Gruber", _HOME, 35, _STEADY),
    Seller("sales4@demo.example", "Jonas Keller", _HOME, 35, _HUNTER),
    Seller("sales5@demo.example", "Wanda Steiner", _HOME, 35, _STEADY),
    Seller("sales6@demo.example", "Emil Brandt", _HOME, 25, _NEW),
    Seller("sales7@demo.example", "Claire Moreau", _WEST, 35, _STEADY),
    Seller("sales8@demo.example", "Marc Dubois", _WEST, 35, _HUNTER),
    Seller("sales9@demo.example", "Chiara Ricci", _WEST, 35, _KEEPER),
    Seller("sales10@demo.example", "Luis Ortega", _WEST, 25, _NEW),
    Seller("sales11@demo.example", "Freya Dahl", _FAR, 35, _STEADY),
    Seller("sales12@demo.example", "Owen Pritchard", _FAR, 35, _KEEPER),
)
COUNTRIES = {_HOME: ("DE", "AT", "CH", "PL"), _WEST: ("NL", "FR", "IT", "ES", "GB")}
"""Whose leads go to which team; all others go to the third."""


def sellers(size: Size) -> tuple[Seller, ...]:
    """Return who sells."""
    return _SMALL if size is Size.SMALL else _LARGE


def teams(size: Size) -> list[str]:
    """Return the teams of those who sell, in the order in which they are made."""
    return list(dict.fromkeys(each.team for each in sellers(size) if each.team))
