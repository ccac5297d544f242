"""The map of a file as a form: read from a map or from what was posted, drawn, and written as a map again."""

from orchard.web.marketing.imports.form.choices import MOST_COLUMNS, offers
from orchard.web.marketing.imports.form.drawing import sheet_of
from orchard.web.marketing.imports.form.reading import sheet_from
from orchard.web.marketing.imports.form.sheet import Sheet
from orchard.web.marketing.imports.form.words import in_words_of_form, reason_in_words_of_form
from orchard.web.marketing.imports.form.writing import map_data

__all__ = [
    "MOST_COLUMNS",
    "Sheet",
    "in_words_of_form",
    "map_data",
    "offers",
    "reason_in_words_of_form",
    "sheet_from",
    "sheet_of",
]
