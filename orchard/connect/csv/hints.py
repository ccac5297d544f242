"""Names the pieces of sentences that speak of a map by its keys; a page that shows the map as a form says them anew.

The command and the text of a map say them as they stand here.
"""

from enum import StrEnum

from orchard.kit.words import Phrase, marked


class Hint(StrEnum):
    """What to write into a map, as a refusal says it."""

    DATES = marked("Write `dates: day_first` or `dates: month_first` in the map.")
    NUMBERS = marked('Write `numbers: "1,234.5"` or `numbers: "1.234,5"` in the map.')
    DAY_OR_MONTH = marked("say in the map which comes first, day or month")
    MARKS = marked("say in the map how numbers are written")
    ONLY_IF = marked("`only_if` leaves such rows out")
    LEFT_OUT = marked("The map leaves this row out (`only_if`).")
    NOBODY = marked("say under `contact` which columns name the contact")
    ZONE = marked("time_zone: there is no time zone")
    CAMPAIGN = marked("campaign: a campaign needs a code or a name")
    CURRENCY = marked("needs a `currency`: one code, such as EUR, for the column")


def no_date(kind: str) -> Phrase:
    """Return the reason of a row whose fact of a kind has no date."""
    return Phrase("no date for {kind}; {hint}", kind=kind, hint=Phrase(Hint.ONLY_IF))
