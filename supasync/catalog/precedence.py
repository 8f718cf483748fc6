"""What precedes what among a plan's statements: along dependencies, names and places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from functools import cache
from itertools import pairwise

from supasync.catalog.circles import Node, Splits
from supasync.catalog.kinds import BY_NAME
from supasync.catalog.model import Catalog
from supasync.catalog.object import Id, Object
from supasync.catalog.rebuild import Changes

# Along a dependency of the target, the user's verb comes before the used object's …
USER_FIRST = (
    *(("drop", verb) for verb in ("drop", "aside", "alter", "discard")),
    *(("aside", "aside"), ("alter", "drop"), ("alter", "discard")),
    *(("discard", "drop"), ("discard", "discard")),
)
# … along one of the source, the used object's verb before the user's.
USED_FIRST = (
    *(("create", "create"), ("create", "alter"), ("alter", "create"), ("alter", "alter")),
    *(("carry", "create"), ("carry", "alter")),
)

Rules = tuple[tuple[str, str], ...]
Verbs = dict[Id, frozenset[str]]
_NONE: frozenset[str] = frozenset()


def pairs(changes: Changes, splits: Splits, nodes: Set[Node]) -> Iterable[tuple[Node, Node]]:
    """Pairs of which the first precedes the second, also of nodes that there are not."""
    verbs: Verbs = {}
    for verb, id_ in nodes:
        verbs[id_] = _with(verbs.get(id_, _NONE), verb)
    yield from _old_pairs(changes, splits, verbs)
    yield from _new_pairs(changes, splits, verbs)
    for id_ in changes.rebuilt | changes.yielding:
        chain = ("drop", "aside", "create", "carry", "discard")
        present = [(verb, id_) for verb in chain if (verb, id_) in nodes]
        yield from pairwise(present)
    for id_ in splits:
        yield from ((("blank", id_), (verb, id_)) for verb in ("drop", "aside", "alter"))
        yield from (((verb, id_), ("fill", id_)) for verb in ("alter", "create"))
    yield from _names_freed(changes, nodes)
    yield from _siblings(changes, nodes)


@cache
def _with(verbs: frozenset[str], verb: str) -> frozenset[str]:
    return verbs | {verb}


@cache
def _user_first(user: frozenset[str], used: frozenset[str]) -> Rules:
    """Those of the rules that are about verbs there are."""
    return tuple((a, b) for a, b in USER_FIRST if a in user and b in used)


@cache
def _used_first(used: frozenset[str], user: frozenset[str]) -> Rules:
    return tuple((a, b) for a, b in USED_FIRST if a in used and b in user)


def _old_pairs(changes: Changes, splits: Splits, verbs: Verbs) -> Iterable[tuple[Node, Node]]:
    """Along the target's dependencies; a body that leaves early lets go of what it uses."""
    for user, used in _edges(changes.old, verbs.keys()):
        if _bound(changes, changes.old, user, used):
            continue
        if user in splits and used in splits[user].old:
            yield from ((("blank", user), (b, used)) for _, b in USER_FIRST)
            continue
        by_itself = changes.by_itself(changes.old, user, used)
        for first in (changes.before(user).links or ()) if by_itself else (user,):
            rules = _user_first(verbs.get(first, _NONE), verbs[used])
            yield from (((a, first), (b, used)) for a, b in rules)
        if used in splits and user not in splits[used].old_circle:
            yield ("drop", user), ("blank", used)


def _new_pairs(changes: Changes, splits: Splits, verbs: Verbs) -> Iterable[tuple[Node, Node]]:
    """Along the source's dependencies; a body that comes late is what waits for what it uses."""
    for user, used in _edges(changes.new, verbs.keys()):
        if _bound(changes, changes.new, user, used):
            continue
        after = changes.new.objects.get(user)
        if after is not None:
            if after.links and changes.by_itself(changes.new, user, used):
                continue
            if after.precedes_leader and after.leader == used:
                yield ("create", used), ("alter", user)
                continue
        if user in splits and used in splits[user].new:
            yield from (((a, used), ("fill", user)) for a, _ in USED_FIRST)
            continue
        for a, b in _used_first(verbs[used], verbs[user]):
            yield (a, used), (b, user)
        if used in splits and user not in splits[used].new_circle:
            yield from ((("fill", used), (b, user)) for _, b in USED_FIRST)
        # where the old user is set aside, that is what the discard waits for
        if "discard" in verbs[used] and user not in changes.aside:
            yield ("discard", used), ("create", user)


def _edges(side: Catalog, ids: Set[Id]) -> Iterable[tuple[Id, Id]]:
    """(user, used) among the ids; a link is in the place of a user of what it ties."""
    for id_ in ids:
        for used in side.uses.get(id_, ()):
            if used in ids:
                yield id_, used
        if id_ in side.objects:
            for link in side.objects[id_].links or ():
                if link in ids:
                    yield link, id_


def _bound(changes: Changes, side: Catalog, one: Id, other: Id) -> bool:
    """Whether one of them is essential to the other, which is set aside: it goes with it."""
    if not changes.aside:
        return False
    pairs = ((side.objects.get(one), other), (side.objects.get(other), one))
    return any(
        obj is not None and obj.essential and obj.leader == leader and leader in changes.aside
        for obj, leader in pairs
    )


def _names_freed(changes: Changes, nodes: Set[Node]) -> list[tuple[Node, Node]]:
    """What takes a name comes after what gives it up."""
    freed: dict[tuple[str, ...], list[Node]] = defaultdict(list)
    for node in nodes:
        for claim in _given_up(changes, node):
            freed[claim].append(node)
    if not freed:
        return []
    return [
        (giver, node)
        for node in nodes
        for claim in _taken(changes, node)
        for giver in freed[claim]
        if giver[1] != node[1]
    ]


def _given_up(changes: Changes, node: Node) -> frozenset[tuple[str, ...]]:
    verb, id_ = node
    if verb in ("drop", "aside"):
        return changes.before(id_).claims
    return (
        changes.before(id_).claims - changes.after(id_).claims if verb == "alter" else frozenset()
    )


def _taken(changes: Changes, node: Node) -> frozenset[tuple[str, ...]]:
    verb, id_ = node
    if verb == "alter":
        return changes.after(id_).claims - changes.before(id_).claims
    last = "discard" if id_ in changes.aside else "create"
    return changes.after(id_).claims if verb == last else frozenset()


def _siblings(changes: Changes, nodes: Set[Node]) -> list[tuple[Node, Node]]:
    groups: dict[Id, list[Object]] = defaultdict(list)
    for verb, id_ in nodes:
        group = BY_NAME[id_[0]].group
        if verb == "create" and group:
            groups[id_[: group + 1]].append(changes.after(id_))
    result: list[tuple[Node, Node]] = []
    for objects in groups.values():
        row: list[Node] = [("create", o.id) for o in sorted(objects, key=lambda o: o.order)]
        result += list(pairwise(row))
    return result
