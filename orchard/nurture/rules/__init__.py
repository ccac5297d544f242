"""The room's decisions: where steps lead, which of two enrolments goes on, and what stands still for how long."""

from orchard.nurture.rules.clocks import left_of, resumes_at
from orchard.nurture.rules.graph import Node, graph_of
from orchard.nurture.rules.turns import HANDED_OVER, TAKEN_BACK, apart

__all__ = ["HANDED_OVER", "TAKEN_BACK", "Node", "apart", "graph_of", "left_of", "resumes_at"]
