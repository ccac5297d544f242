"""Names the pieces of sentences that speak of a map by its keys; a page that shows the map as a form says them anew.

The command and the text of a map say them as they stand here.
"""

from enum import StrEnum


class Hint(StrEnum):
    """What to write into a map, as a refusal says it."""

    DATES = "Write `dates: day_first` or `dates: month_first` in the map."
    NUMBERS = 'Write `numbers: "1,234.5"` or `numbers: "1.234,5"` in the map.'
    DAY_OR_MONTH = "say in the map which comes first, day or month"
    MARKS = "say in the map how numbers are written"
    ONLY_IF = "`only_if` leaves such rows out"
    LEFT_OUT = "The map leaves this row out (`only_if`)."
    NOBODY = "say under `contact` which columns name the contact"
    ZONE = "time_zone: there is no time zone"
    CAMPAIGN = "campaign: a campaign needs a code or a name"
    CURRENCY = "needs a `currency`: one code, such as EUR, for the column"
