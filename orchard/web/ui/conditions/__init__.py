"""The one builder of conditions: a tree of rows that posts as plain form fields and comes back as values."""

from orchard.web.ui.conditions.box import Box, Errors
from orchard.web.ui.conditions.reading import PARTS, read_condition
from orchard.web.ui.conditions.shape import box_of

__all__ = ["PARTS", "Box", "Errors", "box_of", "read_condition"]
