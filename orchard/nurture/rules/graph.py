"""Where the steps of a program lead: each step with the ways out of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orchard.nurture.document.model import Document, inner_of
from orchard.nurture.steps import END, STEPS, Step, Ways

FIRST = "0"
"""The place of the first step."""


@dataclass(frozen=True, slots=True)
class Node:
    """A step, and where one may go from it."""

    step: Step
    ways: Ways

    @property
    def goals(self) -> set[str]:
        """Every place that one may come to from here."""
        sort = STEPS[self.step.type]
        if names := sort.named(self.step):
            return {self.ways.named[name] for name in names}
        if self.ways.inner:
            return set(self.ways.inner.values())
        return {END} if sort.ends else {self.ways.next}


def graph_of(document: Document) -> Mapping[str, Node]:
    """Return the steps by their places."""
    named = {step.name: place for place, step in document.walk() if step.name is not None}
    return dict(_nodes(document.steps, "", END, named))


def _nodes(
    steps: Sequence[Step], before: str, after: str, named: Mapping[str, str]
) -> Iterator[tuple[str, Node]]:
    """Yield steps of one list with their nodes; `after` is where one goes on from the last of them."""
    for number, step in enumerate(steps):
        place = f"{before}{number}"
        following = f"{before}{number + 1}" if number + 1 < len(steps) else after
        inner = dict(inner_of(step))
        into = {name: f"{place}.{name}.0" if within else following for name, within in inner.items()}
        yield place, Node(step, Ways(following, into, named))
        for name, within in inner.items():
            yield from _nodes(within, f"{place}.{name}.", following, named)


def loop_without_a_wait(document: Document) -> str | None:
    """Return the place of a step from which one would go round at once and for ever; None where there is none."""
    graph = graph_of(document)
    settled: set[str] = set()
    for start in graph:
        trail: list[tuple[str, Iterator[str]]] = [(start, _onward(graph, start))]
        within = {start}
        while trail:
            place, goals = trail[-1]
            goal = next((each for each in goals if each not in settled), None)
            if goal is None:
                settled.add(place)
                within.discard(place)
                trail.pop()
            elif goal in within:
                return goal
            else:
                within.add(goal)
                trail.append((goal, _onward(graph, goal)))
    return None


def _onward(graph: Mapping[str, Node], place: str) -> Iterator[str]:
    """Return where one is at once after a step; nowhere after a wait."""
    node = graph.get(place)
    if node is None or STEPS[node.step.type].waits:
        return iter(())
    return iter(sorted(node.goals))


def out_of_reach(document: Document) -> list[str]:
    """Return the places that no way from the first step leads to."""
    graph = graph_of(document)
    reached, open_ends = {FIRST}, [FIRST]
    while open_ends:
        node = graph.get(open_ends.pop())
        fresh = (node.goals if node else set()) - reached
        reached |= fresh
        open_ends += fresh
    return [place for place in graph if place not in reached]
