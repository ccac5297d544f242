"""How a score is shown: cut to tenths, by lines that add up to it."""

from collections.abc import Sequence

from orchard.scoring.types import TENTH, Shown


def shown(lines: Sequence[int]) -> Shown:
    """Return lines given in millionths of a point as tenths that add up to the total in tenths.

    The total is cut, never rounded up, so that nobody sees 60.0 who has not reached it. The tenths that cutting
    every line would lose go to the lines with the largest remainders, the earlier one first where these are equal
    (largest remainder method, Hare-Niemeyer).
    """
    total = sum(lines) // TENTH
    cut = [line // TENTH for line in lines]
    by_remainder = sorted(range(len(lines)), key=lambda place: -(lines[place] % TENTH))
    for place in by_remainder[: total - sum(cut)]:
        cut[place] += 1
    return Shown(total, tuple(cut))
