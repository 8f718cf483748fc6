"""One graph, one sort. Names no kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from heapq import heapify, heappop, heappush
from typing import Any, TypeVar

Node = TypeVar("Node", bound=Hashable)


class Circular(Exception):
    """Nodes that precede themselves: one circle as an example, and all that hang together so."""

    def __init__(self, circle: list[Any], components: list[set[Any]]) -> None:
        super().__init__(circle)
        self.circle, self.components = circle, components


def sort(
    nodes: Iterable[Node], before: Iterable[tuple[Node, Node]], key: Callable[[Node], Any]
) -> list[Node]:
    """Nodes so that the first of every pair in `before` precedes the second; ties by `key`.

    Raises: graphlib.CycleError, whose args[1] is the cycle.
    """
    follows, waits = _arrows(nodes, before)
    ready = [(key(node), node) for node, count in waits.items() if not count]
    heapify(ready)
    result = []
    while ready:
        node = heappop(ready)[1]
        result.append(node)
        for then in follows.get(node, ()):
            waits[then] -= 1
            if not waits[then]:
                heappush(ready, (key(then), then))
    if len(result) < len(waits):
        graph: TopologicalSorter[Node] = TopologicalSorter()
        for first, others in follows.items():
            for then in others:
                graph.add(then, first)
        graph.prepare()  # which finds the cycle, and raises
    return result


def _arrows(
    nodes: Iterable[Node], pairs: Iterable[tuple[Node, Node]]
) -> tuple[Mapping[Node, list[Node]], dict[Node, int]]:
    """What each node precedes, and how many precede each."""
    follows, waits = defaultdict(list), dict.fromkeys(nodes, 0)
    for first, then in pairs:
        if first != then and first in waits and then in waits:
            follows[first].append(then)
            waits[then] += 1
    return follows, waits


def sort_folded(
    nodes: Iterable[Node],
    before: Iterable[tuple[Node, Node]],
    leader: Mapping[Node, Node],
    key: Callable[[Node], Any],
) -> tuple[list[Node], dict[Node, Node]]:
    """As `sort`, with nodes folded into their leaders wherever no cycle forbids it.

    leader: node -> the node it may be folded into. A fold that takes part in a cycle is undone,
    the outermost of a chain first: a default leaves its column before the column its table.
    Returns: the remaining nodes in order, and the folds that were made.
    Raises: Circular when no fold is left to undo.
    """
    own = list(nodes)
    # numbers stand for the nodes: there are many pairs, and a node's hash is made anew each time
    number = {node: n for n, node in enumerate(own)}
    folds = {number[node]: number[to] for node, to in leader.items()}
    demands = [
        (first, then)
        for a, b in before
        if (first := number.get(a)) is not None and (then := number.get(b)) is not None
    ]
    while True:
        into = [_top(n, folds) for n in range(len(own))]
        heads = [n for n in range(len(own)) if into[n] == n]
        pairs = {(into[a], into[b]) for a, b in demands if into[a] != into[b]}
        try:
            order = sort(heads, pairs, lambda n: key(own[n]))
            return [own[n] for n in order], {own[n]: own[to] for n, to in folds.items()}
        except CycleError as error:
            knot = _knot(heads, pairs)
            if not _undo(demands, folds, into, knot):
                circle = [own[n] for n in error.args[1]]
                components = [{own[n] for n in each} for each in _components(knot, pairs)]
                raise Circular(circle, components) from error


def _top(node: int, folds: Mapping[int, int]) -> int:
    while node in folds:
        node = folds[node]
    return node


def _depth(node: int, folds: Mapping[int, int]) -> int:
    depth = 0
    while node in folds:
        node, depth = folds[node], depth + 1
    return depth


def _knot(nodes: Iterable[Node], pairs: set[tuple[Node, Node]]) -> set[Node]:
    """The nodes that lie on cycles or between them: what is left after peeling both ends."""
    left = set(nodes)
    for direction in (pairs, {(b, a) for a, b in pairs}):
        follows, waits = _arrows(left, direction)
        ready = [node for node, count in waits.items() if not count]
        while ready:
            node = ready.pop()
            left.discard(node)
            for then in follows.get(node, ()):
                waits[then] -= 1
                if not waits[then]:
                    ready.append(then)
    return left


def _components(nodes: set[Node], pairs: set[tuple[Node, Node]]) -> list[set[Node]]:
    """The strongly connected components of more than one node (Kosaraju's algorithm)."""
    follows: dict[Node, list[Node]] = {node: [] for node in nodes}
    precedes: dict[Node, list[Node]] = {node: [] for node in nodes}
    for first, then in pairs:
        if first != then and first in nodes and then in nodes:
            follows[first].append(then)
            precedes[then].append(first)
    seen: set[Node] = set()
    finished = [found for node in nodes for found in _visit(node, follows, seen)]
    seen.clear()
    components = [set(_visit(node, precedes, seen)) for node in reversed(finished)]
    return [component for component in components if len(component) > 1]


def _visit(start: Node, arrows: Mapping[Node, list[Node]], seen: set[Node]) -> list[Node]:
    """What is reached from `start` and was not seen before, each after what it leads to."""
    path = [(start, iter(arrows[start]))] if start not in seen else []
    finished = []
    seen.add(start)
    while path:
        ahead = next((node for node in path[-1][1] if node not in seen), None)
        if ahead is None:
            finished.append(path.pop()[0])
        else:
            seen.add(ahead)
            path.append((ahead, iter(arrows[ahead])))
    return finished


def _undo(
    before: Iterable[tuple[int, int]],
    folds: dict[int, int],
    into: list[int],
    knot: set[int],
) -> bool:
    """Undo the deepest folds of every group in the knot; False when there is none."""
    tied: dict[int, set[int]] = defaultdict(set)
    for pair in before:
        if into[pair[0]] != into[pair[1]] and all(into[node] in knot for node in pair):
            for node in pair:
                if node in folds:
                    tied[into[node]].add(node)
    for members in tied.values():
        depths = {node: _depth(node, folds) for node in members}
        for node in members:
            if depths[node] == max(depths.values()):
                del folds[node]
    return bool(tied)
