"""One graph, one sort. Names no kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import Any, TypeVar

Node = TypeVar("Node", bound=Hashable)


def sort(
    nodes: Iterable[Node], before: Iterable[tuple[Node, Node]], key: Callable[[Node], Any]
) -> list[Node]:
    """Nodes so that the first of every pair in `before` precedes the second; ties by `key`.

    Raises: graphlib.CycleError, whose args[1] is the cycle.
    """
    after: dict[Node, set[Node]] = {node: set() for node in nodes}
    for first, then in before:
        if first != then and first in after and then in after:
            after[then].add(first)
    graph, ready, result = TopologicalSorter(after), [], []
    graph.prepare()
    while graph.is_active():
        for node in graph.get_ready():
            heappush(ready, (key(node), node))
        node = heappop(ready)[1]
        graph.done(node)
        result.append(node)
    return result


def sort_folded(
    nodes: Iterable[Node],
    before: list[tuple[Node, Node]],
    leader: Mapping[Node, Node],
    key: Callable[[Node], Any],
) -> tuple[list[Node], dict[Node, Node]]:
    """As `sort`, with nodes folded into their leaders wherever no cycle forbids it.

    leader: node -> the node it may be folded into. A fold that takes part in a cycle is undone:
    first the outermost of a chain (a default leaves its column), then the whole group.
    Returns: the remaining nodes in order, and the folds that were made.
    Raises: graphlib.CycleError when no fold is left to undo.
    """
    nodes, folds = list(nodes), dict(leader)
    while True:
        into = {node: _top(node, folds) for node in nodes}
        heads = [node for node in nodes if into[node] == node]
        pairs = {(into[a], into[b]) for a, b in before if a in into and b in into}
        try:
            return sort(heads, pairs, key), folds
        except CycleError as error:
            if not _undo(set(error.args[1]), folds, into):
                raise


def _top(node: Node, folds: Mapping[Node, Node]) -> Node:
    while node in folds:
        node = folds[node]
    return node


def _undo(cycle: set[Node], folds: dict[Node, Node], into: Mapping[Node, Node]) -> bool:
    leads = set(folds.values())
    groups = defaultdict(list)
    for node in folds:
        if into[node] in cycle:
            groups[node in leads].append(node)
    for node in groups[False] or groups[True]:
        del folds[node]
    return bool(groups)
