"""How the demo company is founded and told, and how its Sales works."""

from orchard.demo.actions.found import PASSWORD, found
from orchard.demo.actions.load import load

__all__ = ["PASSWORD", "found", "load"]
