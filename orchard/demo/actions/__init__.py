"""How the demo company is founded and told, and how its Sales works."""

from orchard.demo.actions.load import PASSWORD, found, load

__all__ = ["PASSWORD", "found", "load"]
