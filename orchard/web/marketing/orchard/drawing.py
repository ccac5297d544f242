"""What the script that draws the trees is told: names, numbers of each month, and where each leads."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import ngettext

from orchard.reports.queries import OrchardShown, Tree, numbers
from orchard.web.marketing.orchard.asking import Month

FRUIT = 56
"""So many fruit hang on the fullest tree, at most."""

_WORTHS: tuple[int, ...] = tuple(first * 10**zeros for zeros in range(15) for first in (1, 2, 5))
_BANDS = ("growing", "ripening", "ripe", "rotting", "disqualified", "picked")


def worth_of(trees: Sequence[Tree]) -> int:
    """Return for how many contacts one fruit stands, 1, 2, 5, 10, 20 and so on: the fullest tree can hold them."""
    hanging = [each.growing + each.ripening + each.ripe for tree in trees for each in tree.hangings]
    fullest = max(hanging, default=0)
    return next((worth for worth in _WORTHS if fullest <= FRUIT * worth), _WORTHS[-1])


def picture_of(shown: OrchardShown, months: Sequence[Month], source: str) -> dict[str, Any]:
    """Return the trees as the script draws them; the numbers of a month stand in the order of its `bands`."""
    narrowed = {"source": source} if source else {}
    rows = reverse("reports:rows", args=["orchard"])

    def behind(**more: str) -> str:
        return f"{rows}?{urlencode({**narrowed, **more, 'at': shown.stamp})}"

    return {
        "months": [{"key": month.key, "label": month.label, "hour": month.hour} for month in months],
        "bands": [{"key": band, "label": str(numbers.BAND_LABELS[band])} for band in _BANDS],
        "everybody": numbers.EVERYBODY,
        "worth": worth_of(shown.trees),
        "words": {
            "contacts": [ngettext("%n contact", "%n contacts", number) for number in (1, 2)],
            "ripe": [ngettext("%n ripe", "%n ripe", number) for number in (1, 2)],
        },
        "rows": behind(),
        "total": [_numbers(each) for each in shown.total],
        "trees": [
            {
                "key": f"campaign {tree.campaign_id or 'unknown'}",
                "name": tree.name,
                "above": tree.above,
                "page": reverse("campaigns:show", args=[tree.campaign_id]) if tree.campaign_id else "",
                "rows": behind(
                    campaign=numbers.UNKNOWN if tree.campaign_id is None else str(tree.campaign_id)
                ),
                "counts": [_numbers(each) for each in tree.hangings],
            }
            for tree in shown.trees
        ],
    }


def _numbers(hanging: numbers.Hanging) -> list[int]:
    return [getattr(hanging, band) for band in _BANDS]
