"""The agreement as a form: its values drawn as rows, and the posted rows read back as values."""

from orchard.web.together.form.reading import read_form
from orchard.web.together.form.shape import Sheet, sheet_of

__all__ = ["Sheet", "read_form", "sheet_of"]
