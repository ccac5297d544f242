"""The form of a program: drawn from the values of its document, and read back into them."""

from orchard.web.marketing.programs.form.reading import blank, read_form
from orchard.web.marketing.programs.form.shape import Sheet, sheet_of

__all__ = ["Sheet", "blank", "read_form", "sheet_of"]
