"""The agreement as a form: its values drawn as rows, and the posted rows read back as values."""

from orchard.web.together.form.parts import Sheet
from orchard.web.together.form.places import Told, told
from orchard.web.together.form.plain import plain
from orchard.web.together.form.reading import read_form
from orchard.web.together.form.shape import sheet_of

__all__ = ["Sheet", "Told", "plain", "read_form", "sheet_of", "told"]
